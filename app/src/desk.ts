/** What every page is given. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { StepContext } from "#install/context";
import type { Language } from "./texts/languages.ts";
import type { Texts } from "./texts/en.ts";

export type Scheme = "light" | "dark";

export interface Desk {
  /** For the steps of `install/`; without the server token, which only one step takes. */
  readonly steps: Omit<StepContext, "serverToken">;
  /** Tells the server of this installation, by a server token that is typed for this one call. */
  readonly introduce: (serverToken: string) => Promise<unknown>;
  /** Revokes what token of the integration the calls have made. */
  readonly endCalls: () => Promise<void>;
  readonly language: Language;
  readonly scheme: Scheme;
  /** An instant for people to read. */
  readonly instant: (instant: string) => string;
  /** Says something to those who listen to the page instead of looking at it. */
  readonly announce: (sentence: string) => void;
}

export const DeskContext = createContext<Desk | null>(null);

/** @throws Error outside of the app's frame */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error("there is no desk around this part");
  return desk;
}

export function useTexts(): Texts {
  return useDesk().language.texts;
}
