/** Makes a ZIS Link once, however often and however concurrently the flow runs. */
import type { ActionState, State } from "../../zis/model/flow.ts";
import type { Json } from "../../zis/model/json.ts";
import { allowanceStates, retryName } from "./allowance.ts";
import { booleanEquals } from "./conditions.ts";
import type { Node } from "./node.ts";
import { catchInto, choice, jq } from "./states.ts";
import { parameters, type Value } from "./values.ts";

interface LinkOnceOptions<Target extends string> {
  readonly why: string;
  readonly subject: string;
  readonly linkType: string;
  readonly left: Value<string>;
  readonly right: Value<string>;
  readonly next: Target;
}

const FOUND = "$.found";
const LINK = "$.link";

/**
 * Looks for the link, makes it when it is not there, and looks again when making it failed: another run
 * may have made it in between, and then the work is done. What ZIS answers to a second create is open, so
 * the second look decides, not the error.
 */
export function linkOnce<const Target extends string>(
  options: LinkOnceOptions<Target>,
): Node<Target> {
  const names = { left_object_name: options.left, right_object_name: options.right };
  const load = (next: string, failed: string): ActionState => ({
    Type: "Action",
    Comment: options.why,
    ActionName: "zis:common:action:LoadLinks",
    Parameters: parameters({ link_type: options.linkType, ...names }),
    ResultPath: FOUND,
    ...catchInto(failed),
    Next: next,
  });
  const object = (name: Value<string>): Json => parameters({ name });

  return {
    targets: [options.next],
    states: (name) => {
      const create = `${name}: create`;
      const again = `${name}: look again`;
      const look = (load: string, absent: string): Record<string, State> => {
        const count = `${load}: count`;
        const linked = `${load}: linked?`;
        return {
          ...jq({
            why: "A page of links becomes one Boolean.",
            data: FOUND,
            expr: "{linked: (((.links // []) | length) > 0)}",
            into: LINK,
            next: linked,
            failed: retryName(name),
          }).states(count),
          ...choice({
            why: "Is the link there?",
            branches: [{ rule: booleanEquals(`${LINK}.linked`, true), next: options.next }],
            otherwise: absent,
          }).states(linked),
        };
      };
      return {
        [name]: load(`${name}: count`, retryName(name)),
        ...look(name, create),
        [create]: {
          Type: "Action",
          Comment: "Not linked yet.",
          ActionName: "zis:common:action:CreateLink",
          Parameters: {
            link_type: options.linkType,
            left_object: object(options.left),
            right_object: object(options.right),
          },
          ResultPath: LINK,
          ...catchInto(again),
          Next: options.next,
        },
        [again]: load(`${again}: count`, retryName(name)),
        ...look(again, retryName(name)),
        ...allowanceStates(name, name, options.subject),
      };
    },
  };
}
