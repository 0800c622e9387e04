/** The ZIS actions that call the actions server, made from its contract. */
import type { ActionResource } from "#zis/model/bundle";
import type { KeyValue } from "#zis/model/action";
import { OPERATIONS, type OperationName } from "#contract/actions/operations";

/** The connection whose bearer token the actions server knows. */
export const SERVER_CONNECTION = "caseqa_server";

/** The documented maximum length of an action's name. Source: ZIS developer guide, custom actions. */
const ACTION_NAME = /^[a-z0-9_]{1,20}$/;

/** An operation's action name: `resolve-case` is `resolve_case`. */
export function actionNameOf(operation: OperationName): string {
  const name = operation.replaceAll("-", "_");
  if (!ACTION_NAME.test(name)) {
    throw new Error(`"${name}" is not a ZIS action name: at most 20 of a-z, 0-9 and _.`);
  }
  return name;
}

/**
 * The action that calls one operation. A state hands it `body` and, for a write, `idempotency_key`.
 *
 * @param serverUrl the actions server's origin, such as `https://caseqa.example.com`
 */
export function serverAction(serverUrl: string, operation: OperationName): ActionResource {
  const { path, effect } = OPERATIONS[operation];
  const headers: KeyValue[] = [{ key: "Content-Type", value: "application/json" }];
  if (effect === "write") {
    headers.push({ key: "Idempotency-Key", value: "{{$.idempotency_key}}" });
  }
  return {
    type: "ZIS::Action::Http",
    properties: {
      name: actionNameOf(operation),
      definition: {
        method: "POST",
        url: `${serverUrl}${path}`,
        headers,
        "requestBody.$": "$.body",
        connectionName: SERVER_CONNECTION,
      },
    },
  };
}
