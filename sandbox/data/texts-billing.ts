/** English conversations about money: double charges, refunds, invoices, vouchers. */
import type { ConversationScript } from "./conversation-script.ts";

export const BILLING_SCRIPTS: readonly ConversationScript[] = [
  {
    language: "en",
    topic: "billing",
    subject: "Charged twice for order {order}",
    lines: [
      [
        "customer",
        "Good morning, my bank shows {amount} twice for the same order ({order}), one minute apart. Screenshot attached. Please give one of them back.",
      ],
      [
        "agent",
        "Good morning {customer}, thank you for the screenshot. I see one payment and one reservation here. A reservation disappears by itself; may I ask which bank it is?",
      ],
      ["customer", "It is a credit union in {city}. They say both are BOOKED, not reserved."],
      [
        "note",
        "PSP shows capture x2, idempotency error on our side at 12:04. Refund second capture, tell payments on-call.",
      ],
      [
        "agent",
        "Your bank is right and I was wrong: both were taken. I have returned the second {amount} just now, reference {invoice}. I am sorry for the trouble.",
      ],
      ["customer", "Thank you for admitting it straight away. Money is back."],
    ],
  },
  {
    language: "en",
    topic: "billing",
    subject: "Invoice {invoice} with the wrong company name",
    lines: [
      [
        "customer",
        "Hello,\n\nour accountant refuses invoice {invoice} because it is made out to me and not to the company. We need the company name, the VAT number and the purchase order number on it.\n\nKind regards",
      ],
      [
        "agent",
        "Hello {customer}, I can issue a corrected invoice. Please send me the exact company name, address and VAT number; I will add the purchase order as a reference line.",
      ],
      [
        "customer",
        "Northgate Analytics Ltd, 8 Dock Street, {city}. VAT GB 000 0000 00. PO is 4500-118.",
      ],
      [
        "agent",
        "The corrected invoice is attached. The old number {invoice} is cancelled by a credit note, also attached.",
      ],
      ["customer", "Perfect, that is exactly what we needed."],
    ],
  },
  {
    language: "en",
    topic: "billing",
    subject: "Where is my refund??",
    lines: [
      [
        "customer",
        "You promised {amount} back for order {order} twelve days ago. Nothing has arrived. I have written three times now.",
      ],
      [
        "agent",
        "{customer}, I am sorry that you had to write again. I see the promise in our notes, and I also see that nobody sent it off. I have done that now and asked for the quick route.",
      ],
      [
        "note",
        "Refund was approved but stuck: card expired, PSP returned it silently on day 2. Needs bank transfer.",
      ],
      [
        "agent",
        "One more thing is needed: the card has expired in the meantime. Would you like a bank transfer or credit in the app?",
      ],
      ["customer", "Bank transfer. I am not giving you an IBAN by e-mail though."],
      [
        "agent",
        "Quite right. You will get a link by text message where you can enter it safely; it is valid for 24 hours.",
      ],
      ["customer", "Entered it."],
      ["agent", "The transfer left us this morning under reference {invoice}."],
      ["customer", "Received. Took long enough, but you personally were helpful, {agent}."],
    ],
  },
  {
    language: "en",
    topic: "billing",
    subject: "Voucher code does not work",
    lines: [
      [
        "customer",
        'The code WELCOME10 says "not valid in your area". I live in {city} just like my neighbour and hers worked yesterday 😕',
      ],
      [
        "agent",
        "Hi {customer}, that code is for first orders only, and the app words it badly. As it misled you, I have put a one-time credit of the same worth on your account.",
      ],
      ["note", "Wording bug known, see app backlog. Goodwill credit within limit."],
      ["customer", "Oh nice, thank you!"],
    ],
  },
  {
    language: "en",
    topic: "billing",
    subject: "Subscription renewed although I cancelled it",
    lines: [
      [
        "customer",
        "I cancelled the free-delivery subscription in March and have the confirmation mail. Yesterday you took {amount} for another year. I want it back and I want my card deleted.",
      ],
      [
        "agent",
        "Hello {customer}, could you forward that confirmation to us? Then I can solve both at once.",
      ],
      [
        "customer",
        "Forwarded below.\n\n> Your subscription ends on 31 March.\n> You will not be charged again.",
      ],
      [
        "note",
        "Cancellation mail is genuine; renewal job ran on a stale copy. Same as four tickets of last week -> problem ticket.",
      ],
      [
        "agent",
        "Thank you. The {amount} is refunded, the subscription is really ended, and your card is deleted. You can check it under Account > Payment.",
      ],
      ["customer", "Checked, all gone. Bye."],
    ],
  },
];
