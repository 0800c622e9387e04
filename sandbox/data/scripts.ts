/** Every written conversation that sample tickets are made from. */
import type { ConversationScript } from "./conversation-script.ts";
import { BILLING_SCRIPTS } from "./texts-billing.ts";
import { DELIVERY_SCRIPTS } from "./texts-delivery.ts";
import { EUROPEAN_SCRIPTS } from "./texts-european.ts";
import { JAPANESE_SCRIPTS } from "./texts-japanese.ts";
import { ORDER_SCRIPTS } from "./texts-orders.ts";
import { RIGHT_TO_LEFT_SCRIPTS } from "./texts-right-to-left.ts";
import { TECHNICAL_SCRIPTS } from "./texts-technical.ts";

export const SCRIPTS: readonly ConversationScript[] = [
  ...ORDER_SCRIPTS,
  ...BILLING_SCRIPTS,
  ...DELIVERY_SCRIPTS,
  ...TECHNICAL_SCRIPTS,
  ...EUROPEAN_SCRIPTS,
  ...RIGHT_TO_LEFT_SCRIPTS,
  ...JAPANESE_SCRIPTS,
];
