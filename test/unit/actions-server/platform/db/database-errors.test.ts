/** Is an unavailable database distinguished from a busy one, and from a wrong statement? */
import { describe, expect, it } from "vitest";
import {
  DatabaseTimeout,
  isDatabaseBusy,
  isDatabaseUnavailable,
} from "#platform/db/database-errors";

const withCode = (code: string) => Object.assign(new Error("why"), { code });

describe("isDatabaseUnavailable", () => {
  it.each([
    ["a connection that broke", "08006"],
    ["a transaction that rested too long", "25P03"],
    ["a server that only reads", "25006"],
    ["a full disk", "53100"],
    ["no memory", "53200"],
    ["too many connections", "53300"],
    ["a temporary file that is too large", "53400"],
    ["a statement that took too long", "57014"],
    ["a shutdown", "57P01"],
    ["a crash", "57P02"],
    ["a start", "57P03"],
    ["a disk that fails", "58030"],
    ["a port without a listener", "ECONNREFUSED"],
    ["a network without a way", "EHOSTUNREACH"],
  ])("is so for %s (%s)", (_name, code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(true);
  });

  it.each([
    "Connection terminated unexpectedly",
    "Connection terminated due to connection timeout",
    "timeout exceeded when trying to connect",
    "timeout expired",
    "Client has encountered a connection error and is not queryable",
    "Client was closed and is not queryable",
    "Postgres connection has been discarded",
    "driver has already been destroyed",
  ])("is so for what the libraries say without a code: %s", (message) => {
    expect(isDatabaseUnavailable(new Error(message))).toBe(true);
  });

  it("is so for silence, and for any address of several that was tried", () => {
    expect(isDatabaseUnavailable(new DatabaseTimeout())).toBe(true);
    expect(isDatabaseUnavailable(new AggregateError([withCode("ECONNREFUSED")]))).toBe(true);
  });

  it.each(["23505", "42601", "22P02", "40P01", "55P03", "EACCES", ""])("is not so for %s", (code) =>
    expect(isDatabaseUnavailable(withCode(code))).toBe(false),
  );
});

describe("isDatabaseBusy", () => {
  it.each([
    ["40P01", true],
    ["55P03", true],
    ["57014", false],
    ["23505", false],
  ])("%s: %s", (code, expected) => expect(isDatabaseBusy(withCode(code))).toBe(expected));
});
