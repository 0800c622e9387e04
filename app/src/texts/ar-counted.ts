/** How Arabic counts: one, two, few and many are said differently. */

interface Forms {
  readonly one: string;
  readonly two: string;
  readonly few: (count: number) => string;
  readonly many: (count: number) => string;
}

const rules = new Intl.PluralRules("ar");

export function counted(count: number, { one, two, few, many }: Forms): string {
  const rule = rules.select(count);
  if (rule === "one") return one;
  if (rule === "two") return two;
  return rule === "few" ? few(count) : many(count);
}
