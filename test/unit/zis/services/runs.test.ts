import { expect, it } from "vitest";
import { type Run, runDetails } from "#zis/services/runs";

const SECRET = 'p"w&d';

const RUN: Run = {
  id: "1",
  integration: "shop",
  flow: "f",
  jobSpec: "s",
  event_source: "a",
  event_type: "b",
  accepted_at: "",
  ended_at: "",
  status: "SUCCEEDED",
  message: `with ${SECRET}`,
  attempts: 1,
  input: { twice: JSON.stringify({ secret: SECRET }) },
  result: {
    status: "SUCCEEDED",
    flow: "f",
    message: "",
    data: {},
    transitions: 1,
    elapsedMs: 12.345_678_9,
    trace: [],
    warnings: [],
  },
  steps: [],
  requests: [
    {
      action: "a",
      method: "GET",
      url: `https://a.example/?q=${encodeURIComponent(SECRET)}`,
      headers: {},
      body: null,
      status: 200,
      replayed: false,
      elapsedMs: 0.123_456,
    },
  ],
  secrets: [SECRET],
};

it("a run is shown with milliseconds to two places and without its secrets however written", () => {
  expect(runDetails(RUN)).toMatchObject({
    message: "with *****",
    virtual_ms: 12.35,
    input: { twice: '{"secret":"*****"}' },
    requests: [{ url: "https://a.example/?q=*****", elapsedMs: 0.12 }],
  });
});
