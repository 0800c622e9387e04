/** English conversations about orders: wrong, missing, late and cancelled items. */
import type { ConversationScript } from "./conversation-script.ts";

export const ORDER_SCRIPTS: readonly ConversationScript[] = [
  {
    language: "en",
    topic: "order",
    subject: "Two items missing from order {order}",
    lines: [
      [
        "customer",
        "Hi there,\n\nmy order {order} from {restaurant} came today without the two garlic breads and the large salad. They are on the receipt and I was charged for them.\n\nCan you either send them or give me the money back?",
      ],
      [
        "agent",
        "Hello {customer},\n\nthank you for letting us know, and I am sorry about the missing food. Could you tell me whether the bag was sealed when it reached you?",
      ],
      ["customer", "Yes, the sticker was still on it. So it was packed without them 🤷"],
      [
        "note",
        "Packing slip from {restaurant} shows 5 items, POS shows 7. Third report for this kitchen this week, told the partner team.",
      ],
      [
        "agent",
        "That helps, thank you. The restaurant confirmed it forgot the items. I have refunded {amount}; it will be on your card within 3 to 5 working days.",
      ],
      ["customer", "Great, that was quick. Thanks {agent}!"],
    ],
  },
  {
    language: "en",
    topic: "order",
    subject: "WRONG ORDER DELIVERED - {order}",
    lines: [
      [
        "customer",
        "I ordered vegetarian and got beef!!! I do not eat meat for religious reasons and I only noticed after the first bite. This is unacceptable 😡😡",
      ],
      [
        "agent",
        "{customer}, I am truly sorry. That must have been very upsetting, and it should not have happened. I am taking this over personally. May I call you?",
      ],
      ["customer", "No call. I want a refund and I want to know how this could happen."],
      [
        "note",
        "Allergen/diet incident: report filled in, food safety informed. Do NOT offer a voucher, policy says full refund.",
      ],
      [
        "agent",
        "I understand. The full {amount} is on its way back to you. {restaurant} found that two bags with similar numbers were swapped at the counter; they now check the name as well as the number. You will get their written answer by Friday.",
      ],
      ["customer", "Ok. I will wait for the letter then."],
      [
        "note",
        "Letter of {restaurant} received and forwarded. Customer read it, no further claim.",
      ],
    ],
  },
  {
    language: "en",
    topic: "order",
    subject: "cancel order {order} please",
    lines: [
      ["customer", "ordered by accident pls cancel {order}"],
      [
        "agent",
        "Hi {customer}, I can see that the kitchen has not started yet, so I have cancelled order {order}. Nothing will be charged; your bank may show {amount} as reserved for up to seven days.",
      ],
      ["customer", "ty 🙏"],
    ],
  },
  {
    language: "en",
    topic: "order",
    subject: "Change of address after ordering",
    lines: [
      [
        "customer",
        "Hello, I placed order {order} ten minutes ago and my app still had our old flat in {city} in it. Can the courier be sent to the new place? It is only four streets further.\n\nThanks a lot",
      ],
      [
        "agent",
        "Hello {customer}, of course, let me try. Please send me the complete new address including the floor, and a number where the courier can reach you.",
      ],
      [
        "customer",
        '14 Mill Lane, 2nd floor, bell says "Okafor / Lindgren". My number is +44 20 7946 0187.',
      ],
      [
        "note",
        "Called {partner} dispatch, courier 2 km away, address changed by phone. Not possible in the tool once picked up.",
      ],
      [
        "agent",
        'Done, the courier has the new address and will ring at "Okafor / Lindgren". Enjoy your meal!',
      ],
      ["customer", "It arrived, still hot. Five stars from me ⭐⭐⭐⭐⭐"],
    ],
  },
  {
    language: "en",
    topic: "order",
    subject: "Allergy question before I order again",
    lines: [
      [
        "customer",
        "Dear support,\n\nmy daughter is allergic to sesame. The menu of {restaurant} lists no sesame in the noodle bowl, but last time (order {order}) there were clearly seeds on top. Who keeps these lists right?",
      ],
      [
        "agent",
        "Dear {customer},\n\nthank you for telling us; I hope that your daughter is well. Restaurants keep their own allergen lists. I have asked {restaurant} to correct theirs today and blocked the dish until they do. Please call the kitchen before any order when an allergy is involved.",
      ],
      [
        "note",
        "Allergen data: dish 'noodle bowl' blocked, ticket to menu team. Kitchen manager says topping was changed in spring.",
      ],
      ["customer", "She is fine, thank you for asking. Good that the dish is blocked."],
      [
        "agent",
        "I am glad to hear it. The list now names sesame and the dish is back on the menu.",
      ],
    ],
  },
];
