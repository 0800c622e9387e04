/** Custom statuses: five that every account has, and those that administrators add. Source: Zendesk API reference, "Custom Ticket Statuses". */
import type { TicketStatus } from "./model.ts";

export type Category = Exclude<TicketStatus, "closed">;

export interface CustomStatus {
  readonly id: number;
  readonly status_category: Category;
  readonly agent_label: string;
  readonly end_user_label: string;
  readonly description: string;
  readonly end_user_description: string;
  readonly active: boolean;
  readonly default: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

export const CATEGORIES: readonly Category[] = ["new", "open", "pending", "hold", "solved"];
const LABELS: Readonly<Record<Category, string>> = {
  new: "New",
  open: "Open",
  pending: "Pending",
  hold: "On-hold",
  solved: "Solved",
};
const FIRST_ID = 360_020_000_000_001;

/** The status that a ticket has which nobody gave another one; closed tickets are of the category solved. */
export function defaultStatusId(status: TicketStatus): number {
  return FIRST_ID + CATEGORIES.indexOf(status === "closed" ? "solved" : status);
}

/** A new account's statuses, by id. */
export function createCustomStatuses(opened: string): Map<number, CustomStatus> {
  const defaults = CATEGORIES.map((status_category): CustomStatus => ({
    id: defaultStatusId(status_category),
    status_category,
    agent_label: LABELS[status_category],
    end_user_label: LABELS[status_category],
    description: "",
    end_user_description: "",
    active: true,
    default: true,
    created_at: opened,
    updated_at: opened,
  }));
  return new Map(defaults.map((status) => [status.id, status]));
}
