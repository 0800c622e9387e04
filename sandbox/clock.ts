/** The ways in which the platforms write time. */

/** `2025-03-03T08:15:00Z`: Zendesk's second precision. */
export function toSecondPrecision(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** `2025-03-03T08:15:00.000+0000`: how Salesforce writes a dateTime. */
export function toSalesforceTime(time: Date): string {
  return `${time.toISOString().slice(0, 23)}+0000`;
}

/** Whole seconds since 1970. */
export function toUnixSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
