/** English conversations about technical faults: log-in, crashes, payments in the app, integrations. */
import type { ConversationScript } from "./conversation-script.ts";

export const TECHNICAL_SCRIPTS: readonly ConversationScript[] = [
  {
    language: "en",
    topic: "technical",
    subject: "App crashes when I open the basket",
    lines: [
      [
        "customer",
        "Since the update yesterday the app closes itself every time I open the basket. Android 15, app 9.41.2. I reinstalled it twice.",
      ],
      [
        "agent",
        "Hi {customer}, thank you for the version numbers. Does it also happen with an empty basket?",
      ],
      ["customer", "No! Only with {restaurant} in it."],
      [
        "note",
        "Reproduced. Menu item with emoji in the option name breaks the layout engine. Fix is in 9.41.3.",
      ],
      [
        "agent",
        "You gave us the decisive hint: one dish of that restaurant has a sign in its name that the new version cannot draw. The fix comes with 9.41.3 tomorrow; until then the website works.",
      ],
      ["customer", "Updated, works. Happy to be your tester 😄"],
    ],
  },
  {
    language: "en",
    topic: "technical",
    subject: "Cannot log in, code never arrives",
    lines: [
      [
        "customer",
        "I request the six-digit code again and again and it never comes. Not in spam either. I have an order to track!",
      ],
      [
        "agent",
        "Hello {customer}, I can see that our mails to you are refused by your provider. Do you have a second address that I may use for now?",
      ],
      ["customer", "Use this one please, the one I write from."],
      ["note", "Bounce 550 5.7.1, provider blocks our range since 06:00. Mail team informed."],
      ["agent", "A code is on its way to this address. It is valid for ten minutes."],
      ["customer", "In! Thank you."],
    ],
  },
  {
    language: "en",
    topic: "technical",
    subject: "API returns 502 for POST /orders",
    lines: [
      [
        "customer",
        "Hi team,\n\nwe push orders from our till system. Since 09:12 UTC about one in five calls answers 502. Trace id of one of them: 7f3c-0b1e-44aa. Nothing changed on our side.\n\nCould you look at it soon, please? Lunch is coming.",
      ],
      [
        "agent",
        "Hello {customer}, confirmed, we see it too. An incident is open and the engineers are on it. Next update in {minutes} minutes.",
      ],
      ["note", "One of five gateways serves an old upstream list. Being drained."],
      [
        "agent",
        "The faulty gateway is out of service since 09:58 UTC. Please tell me whether you still see errors.",
      ],
      ["customer", "Clean since 09:58. Which orders do we have to send again?"],
      [
        "agent",
        "Those with status 502 and no order number in your log. Sending one again with the same reference is safe: we recognise it.",
      ],
      ["customer", "Done, 41 repeated, no doubles. Thanks for the honest updates."],
    ],
  },
  {
    language: "en",
    topic: "technical",
    subject: "Screen reader cannot find the pay button",
    lines: [
      [
        "customer",
        'I am blind and use the app with a screen reader. In the last step the pay button is announced as "image". I had to ask my son to press it.',
      ],
      [
        "agent",
        "Dear {customer}, thank you for describing it so precisely. That is a serious fault. Which screen reader and which phone do you use?",
      ],
      ["customer", "VoiceOver on an iPhone, newest system."],
      [
        "note",
        "Accessibility label lost in redesign. Severity raised, release manager agreed to a hotfix.",
      ],
      [
        "agent",
        "The label is back in the version of today. Would you be willing to try it and tell us honestly?",
      ],
      ["customer", 'It now says "Pay, button". Wonderful. Thank you for listening.'],
    ],
  },
  {
    language: "en",
    topic: "technical",
    subject: "Delete my account and data",
    lines: [
      [
        "customer",
        "Please delete my account and everything you know about me. I do not want to explain why.",
      ],
      [
        "agent",
        "Hello {customer}, you do not have to. To be sure that it is you: please confirm with the link that I have just sent.",
      ],
      ["customer", "Confirmed."],
      [
        "note",
        "Identity confirmed. Open refund {amount} first, then erasure; invoice data stays for the legal period.",
      ],
      [
        "agent",
        "Your account will be erased within 30 days. Invoices have to be kept by law and are blocked for everything else.",
      ],
    ],
  },
];
