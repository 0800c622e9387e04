/** English conversations with and about delivery partners: couriers and restaurants. */
import type { ConversationScript } from "./conversation-script.ts";

export const DELIVERY_SCRIPTS: readonly ConversationScript[] = [
  {
    language: "en",
    topic: "delivery",
    subject: "Courier never arrived, order {order} marked as delivered",
    lines: [
      [
        "customer",
        "The app says my order {order} was handed over {minutes} minutes ago. Nobody was here. I have been standing at the window the whole time.",
      ],
      [
        "agent",
        "Hello {customer}, I am looking at the courier's route right now. One moment please.",
      ],
      [
        "note",
        "GPS of {partner} ends two houses away. Photo shows a green door. Asked the courier to go back.",
      ],
      [
        "agent",
        "The courier left the bag at a house with a green door. Is that yours, or could it be a neighbour's?",
      ],
      ["customer", "That is number 17, we are 71!! Found it on their doorstep, cold of course."],
      [
        "agent",
        "I am sorry. I have refunded the delivery fee and half of the meal, {amount} in all, and reported the mix-up to {partner}.",
      ],
      ["customer", "Fair enough. 👍"],
    ],
  },
  {
    language: "en",
    topic: "delivery",
    subject: "[Partner] Courier waiting time at {restaurant}",
    lines: [
      [
        "customer",
        "Hi partner support, this is {customer} riding for {partner}. I have waited {minutes} minutes at {restaurant} for order {order} and my shift rate goes down for it. Please correct the waiting time.",
      ],
      [
        "agent",
        "Hi {customer}, thanks. The kitchen's own log says the food was ready earlier. Do you have anything that shows when you arrived?",
      ],
      [
        "customer",
        "Sent you the screenshot of the check-in at the counter. The woman there can confirm too.",
      ],
      [
        "note",
        "Check-in screenshot fits beacon data. Kitchen presses 'ready' before packing, known habit of this branch.",
      ],
      [
        "agent",
        "You are right. I have corrected the time and the {amount} will be on your next statement.",
      ],
      ["customer", "cheers mate 🚲"],
    ],
  },
  {
    language: "en",
    topic: "delivery",
    subject: "Restaurant tablet offline since noon",
    lines: [
      [
        "customer",
        "{restaurant} here. Our order tablet shows a grey screen since noon. We lose the whole lunch business!!! Phone line has been busy for {minutes} minutes.",
      ],
      [
        "agent",
        "Hello {customer}, I have paused your shop so that no more orders come in unseen. Please hold the power button for 20 seconds and tell me the number at the bottom of the start screen.",
      ],
      ["customer", "It says 7.2.0 / E-114"],
      [
        "note",
        "E-114 = certificate of the SIM expired, whole batch in {city}. Hardware team has a list, see incident.",
      ],
      [
        "agent",
        "That is a fault of ours with a whole series of tablets. A new SIM is on its way by courier and will be with you within the hour. Until then I can send orders to your printer by e-mail.",
      ],
      ["customer", "Printer works. SIM came too. We are open again"],
      [
        "agent",
        "I have switched your shop back on and noted the lost hours for the goodwill payment.",
      ],
    ],
  },
  {
    language: "en",
    topic: "delivery",
    subject: "Complaint about a courier",
    lines: [
      [
        "customer",
        "To whom it may concern,\n\nthe rider of order {order} drove on the pavement at full speed and nearly hit my father. When I spoke to him he laughed. I expect this to be taken seriously.",
      ],
      [
        "agent",
        "Dear {customer}, we do take it seriously. Is your father unhurt? Please tell me the time and street so that I can find the ride.",
      ],
      ["customer", "He is shaken but unhurt. Harbour Road, a quarter past seven."],
      [
        "note",
        "Ride identified, {partner} fleet manager informed, rider suspended until talk. Do not share his name.",
      ],
      [
        "agent",
        "Thank you. The rider has been taken off the road until his manager has spoken with him, and he has to repeat the safety training. I may not share more than that.",
      ],
      ["customer", "That is all I wanted."],
    ],
  },
  {
    language: "en",
    topic: "delivery",
    subject: "Weekly payout of {partner} does not add up",
    lines: [
      [
        "customer",
        "Our statement {invoice} lists 212 deliveries, our own count is 219. The difference of {amount} may look small but it is the fourth week in a row. List attached as CSV.",
      ],
      [
        "agent",
        "Hello {customer}, thank you for the list. I am comparing it with ours and will be back today.",
      ],
      [
        "note",
        "7 rides after midnight are booked to the following week (time zone of {city}). Finance knows. Explain, no payout due.",
      ],
      [
        "agent",
        "I found the seven: they ended after midnight and are on the next statement. I have asked finance to print the cut-off time on every statement.",
      ],
      ["customer", "I see it now. Please do print it, it would have saved both of us a morning."],
    ],
  },
];
