/** What every page is given. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { StepContext } from "#install/context";
import type { Language } from "./texts/languages.ts";
import type { Texts } from "./texts/en.ts";

export type Scheme = "light" | "dark";

export interface AppContext {
  /** For the steps of `install/`, without the server token, which only one step needs. */
  readonly steps: Omit<StepContext, "serverToken">;
  /** Registers this installation at the server, with a server token that the administrator types for this one call. */
  readonly introduce: (serverToken: string) => Promise<unknown>;
  /** Revokes the token of the integration that the calls made. */
  readonly endCalls: () => Promise<void>;
  readonly language: Language;
  readonly scheme: Scheme;
  /** An instant for people to read. */
  readonly instant: (instant: string) => string;
  /** Announces something to users of a screen reader. */
  readonly announce: (sentence: string) => void;
}

export const SharedAppContext = createContext<AppContext | null>(null);

/** @throws Error outside of the app's frame */
export function useAppContext(): AppContext {
  const context = useContext(SharedAppContext);
  if (context === null) throw new Error("this part is outside the app context");
  return context;
}

export function useTexts(): Texts {
  return useAppContext().language.texts;
}
