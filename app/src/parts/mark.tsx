/** Our sign: two speech bubbles and a tick, the same as in the navigation bar. */

export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 40 40" aria-hidden="true">
      <rect class="mark__ground" width="40" height="40" rx="9" />
      <path
        class="mark__line"
        d="M24 10H11a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h2v4.500l5-4.500h1M29 15h1a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2v-2M15 17.500l4 4 9.500-9.500"
      />
    </svg>
  );
}
