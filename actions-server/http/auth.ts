/** Who is calling: a bearer token stands for one account. */
import { timingSafeEqual } from "node:crypto";
import { AppError } from "../errors.ts";
import { hashToken, type ServerToken } from "./server-tokens.ts";

/** Yields the account of an Authorization header; throws UNAUTHORIZED. */
export type Authenticate = (authorization: string | undefined) => string;

const BEARER = /^Bearer +([^\s]+)$/i;

/** Compares hashes with every known token, so that the time taken tells nothing about them. */
export function createAuthenticate(tokens: readonly ServerToken[]): Authenticate {
  return (authorization) => {
    const token = BEARER.exec(authorization ?? "")?.[1];
    if (token === undefined) {
      throw new AppError("UNAUTHORIZED", "the header Authorization: Bearer is missing");
    }
    const sha256 = hashToken(token);
    const matches = tokens.filter((known) => timingSafeEqual(known.sha256, sha256));
    const account = matches[0]?.account;
    if (account === undefined) throw new AppError("UNAUTHORIZED", "the bearer token is unknown");
    return account;
  };
}
