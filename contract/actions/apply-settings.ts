/** The wire contract of apply-settings: the server takes over the settings that the flows loaded. */
import { Type, type Static } from "typebox";
import { DEFAULT_SETTINGS } from "../settings/settings.ts";

export const ApplySettingsRequest = Type.Object(
  {
    settings: Type.Record(Type.String(), Type.Unknown(), {
      description: "The ZIS Configs document, of this or an older version.",
    }),
  },
  { additionalProperties: false, examples: [{ settings: DEFAULT_SETTINGS }] },
);
export type ApplySettingsRequest = Static<typeof ApplySettingsRequest>;

export const ApplySettingsReply = Type.Object({
  outcome: Type.Union([
    Type.Literal("applied"),
    Type.Literal("unchanged", { description: "The same document is in force." }),
    Type.Literal("outdated", { description: "A newer revision is in force." }),
    Type.Literal("rejected", { description: "The document is wrong; the last good one stays." }),
  ]),
  revision: Type.Union([Type.Integer(), Type.Null()], {
    description: "The revision in force after the call; null: none yet.",
  }),
  problem: Type.String({ description: "Of a rejected document: the first fault; else empty." }),
});
export type ApplySettingsReply = Static<typeof ApplySettingsReply>;
