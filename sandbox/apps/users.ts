/** The people who sign in to the stand-in's agent interface, and what the host page shows an app of them. */

export interface AppUser {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly role: "end-user" | "agent" | "admin";
  readonly locale: string;
  readonly time_zone: string;
}

/** The ids that `role_restrictions` name; those of a real account differ. */
export const ROLE_IDS: Readonly<Record<AppUser["role"], number>> = {
  admin: 4,
  agent: 2,
  "end-user": 0,
};
