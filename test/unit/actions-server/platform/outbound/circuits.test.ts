/** Does each kind of calls have a circuit of its own, and is their number bounded? */
import { describe, expect, it } from "vitest";
import { createCircuits } from "#platform/outbound/circuits";
import { endpointOf } from "#platform/outbound/endpoint";

describe("circuits", () => {
  function startCircuits() {
    const open: number[] = [];
    const circuits = createCircuits(
      () => 0,
      (change) => void open.push(change.open),
    );
    const fail = (circuit: string) => {
      for (let call = 0; call < 10; call += 1) {
        circuits.permit(circuit);
        circuits.record(circuit, "failed");
      }
    };
    return { circuits, open, fail };
  }

  it("open one by one", () => {
    const { circuits, open, fail } = startCircuits();
    fail("a");
    expect([circuits.permit("a"), circuits.permit("b")]).toEqual([1_000, undefined]);
    fail("b");
    expect(circuits.permit("b")).toBe(1_000);
    expect(open).toEqual([1, 2]);
  });

  it("are no more than five hundred, and an open one that is forgotten counts as closed", () => {
    const { circuits, open, fail } = startCircuits();
    fail("a");
    for (let other = 0; other < 500; other += 1) circuits.permit(`other ${other}`);
    expect(open).toEqual([1, 0]);
    expect(circuits.permit("a")).toBeUndefined();
  });
});

describe("endpointOf", () => {
  it.each([
    ["/api/v2/tickets/35436.json?include=users", "GET /api/#/tickets/#"],
    ["/api/v2/tickets/35437/comments.json", "GET /api/#/tickets/#/comments.json"],
    ["/services/data/v67.0/query/0r8xx0gXq-2000", "GET /services/data/#/query/#"],
    ["/oauth/tokens", "GET /oauth/tokens"],
    [
      "/api/services/zis/inbound_webhooks/generic/ingestion/AbcDefGhi",
      "GET /api/services/zis/inbound_webhooks/generic/ingestion/#",
    ],
    ["/x/abcdefghijklmnopqrstuvwxyz", "GET /x/#"],
  ])("takes ids and secrets out of %s", (path, endpoint) => {
    expect(endpointOf({ method: "GET", url: `https://acme.zendesk.com${path}` })).toBe(endpoint);
  });
});
