/** Every migration, in the order of its application: new ones go to the end. */
import { idempotencyRecords } from "./migrations/0001-idempotency-records.ts";
import { conversations } from "./migrations/0002-conversations.ts";
import { assignments } from "./migrations/0003-assignments.ts";
import { merges } from "./migrations/0004-merges.ts";
import { settingsHistory } from "./migrations/0005-settings-history.ts";
import { webhookReceipts } from "./migrations/0006-webhook-receipts.ts";
import { sealedTokens } from "./migrations/0007-sealed-tokens.ts";
import { tokenRenewals } from "./migrations/0008-token-renewals.ts";
import { appSessions } from "./migrations/0009-app-sessions.ts";
import { inboundWebhooks } from "./migrations/0010-inbound-webhooks.ts";
import { actionLog } from "./migrations/0011-action-log.ts";
import { sweeps } from "./migrations/0012-sweeps.ts";
import { oneClockForConversations } from "./migrations/0013-one-clock-for-conversations.ts";
import { lookedUpCaseNumber } from "./migrations/0014-looked-up-case-number.ts";
import { owedTickets } from "./migrations/0015-owed-tickets.ts";
import { flowContacts } from "./migrations/0016-flow-contacts.ts";
import { pageSizeOfSweeps } from "./migrations/0017-page-size-of-sweeps.ts";
import { kindsOfMessages } from "./migrations/0018-kinds-of-messages.ts";
import { ticketsLeftAlone } from "./migrations/0019-tickets-left-alone.ts";
import { waitingSweeps } from "./migrations/0020-waiting-sweeps.ts";
import { conversationsByMonth } from "./migrations/0021-conversations-by-month.ts";
import { readingConversations } from "./migrations/0022-reading-conversations.ts";
import { attributes } from "./migrations/0023-attributes.ts";
import { firstLoads } from "./migrations/0024-first-loads.ts";
import { wantedMessages } from "./migrations/0025-wanted-messages.ts";
import { orderOfErasures } from "./migrations/0026-order-of-erasures.ts";
import { agents } from "./migrations/0027-agents.ts";
import { directory } from "./migrations/0028-directory.ts";
import { satisfaction } from "./migrations/0029-satisfaction.ts";
import { hiddenConversations } from "./migrations/0030-hidden-conversations.ts";
import type { Migration } from "./migration.ts";

export const MIGRATIONS: readonly Migration[] = [
  idempotencyRecords,
  conversations,
  assignments,
  merges,
  settingsHistory,
  webhookReceipts,
  sealedTokens,
  tokenRenewals,
  appSessions,
  inboundWebhooks,
  actionLog,
  sweeps,
  oneClockForConversations,
  lookedUpCaseNumber,
  owedTickets,
  flowContacts,
  pageSizeOfSweeps,
  kindsOfMessages,
  ticketsLeftAlone,
  waitingSweeps,
  conversationsByMonth,
  readingConversations,
  attributes,
  firstLoads,
  wantedMessages,
  orderOfErasures,
  agents,
  directory,
  satisfaction,
  hiddenConversations,
];
