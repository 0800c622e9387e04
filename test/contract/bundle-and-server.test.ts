/** Bundle and server agree on the calls; that every body and reply fits is checked by each run of test/e2e/flows. */
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { OPERATIONS, type OperationName } from "#contract/actions/operations";
import { DEFAULT_SETTINGS, Settings } from "#contract/settings/settings";
import { FORMATS } from "#contract/instant";
import { actionNameOf } from "#bundle/builders/server-action";
import { buildBundle } from "#bundle/index";
import { renderBundle } from "#bundle/render";
import type { ActionResource, Bundle } from "#zis/model/bundle";

const serverUrl = "https://server.example";
const text = renderBundle(buildBundle({ integration: "caseqa", serverUrl }));
const { resources } = JSON.parse(text) as Bundle;
const operations = Object.keys(OPERATIONS) as OperationName[];

describe("bundle and server", () => {
  it("have the same actions", () => {
    const actions = Object.values(resources).filter(({ type }) => type === "ZIS::Action::Http");

    expect(actions.map(({ properties }) => properties.name)).toEqual(operations.map(actionNameOf));
  });

  it.each(operations)("agree on method, address and headers of %s", (name) => {
    const { properties } = resources[actionNameOf(name)] as ActionResource;
    const { method, url, headers, connectionName } = properties.definition;
    const { path, effect } = OPERATIONS[name];

    expect({ method, url, connectionName }).toEqual({
      method: "POST",
      url: `${serverUrl}${path}`,
      connectionName: "caseqa_server",
    });
    const keyed = headers?.some(({ key }) => key === "Idempotency-Key");
    expect(keyed).toBe(effect === "write");
  });

  it("agree on the default settings", () => {
    const ajv = new Ajv({ strict: true, formats: FORMATS });
    expect(ajv.validate(Settings, DEFAULT_SETTINGS), ajv.errorsText()).toBe(true);
  });
});
