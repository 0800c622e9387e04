/** Which of our languages a user of Zendesk reads. */
import { ar } from "./ar.ts";
import { en, type Texts } from "./en.ts";

export interface Language {
  /** For `lang`, dates and numbers. */
  readonly locale: string;
  readonly dir: "ltr" | "rtl";
  readonly texts: Texts;
}

const ENGLISH: Language = { locale: "en", dir: "ltr", texts: en };
/** Western digits, so that ids and times look as they do elsewhere in Zendesk. */
const ARABIC: Language = { locale: "ar-u-nu-latn", dir: "rtl", texts: ar };

/** @param locale as Zendesk says it, such as `en-US` or `ar-eg` */
export function languageOf(locale: string): Language {
  return /^ar\b/i.test(locale) ? ARABIC : ENGLISH;
}

/** A formatter of instants in a language: date and time, short. */
export function instantsIn(locale: string): (instant: string) => string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  return (instant) => {
    const date = new Date(instant);
    return Number.isNaN(date.getTime()) ? instant : format.format(date);
  };
}
