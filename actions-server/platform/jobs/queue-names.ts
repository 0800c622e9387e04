/** What queues are called. */

/** Follows a queue's name: where its jobs go that could not be done. */
export const DEAD_LETTER_SUFFIX = ".dead";
