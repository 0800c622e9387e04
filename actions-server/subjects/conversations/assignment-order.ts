/** Which of two assignments of one instant is the later one, by the keys of their events. Pure. */

/**
 * A text that sorts as the events happened. Events of one update differ in the number at the end of their key, which
 * grows (ZIS trigger events, `sequence.position`). Between updates of one second the order is arbitrary, but always
 * the same one, so that the end does not depend on the order of arrival.
 */
export function eventOrder(eventKey: string): string {
  const position = /\d{1,19}$/.exec(eventKey)?.[0] ?? "";
  return eventKey.slice(0, eventKey.length - position.length) + position.padStart(19, "0");
}
