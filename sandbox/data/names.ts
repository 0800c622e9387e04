/** Invented names of people, companies, places and partners that the sample data is made of. */
import type { Language } from "./conversation-script.ts";

export const AGENT_NAMES: readonly string[] = [
  "Ada Fenwick",
  "Bruno Castel",
  "Chiara Lombardi",
  "Dmitri Volkov",
  "Esra Kaplan",
  "Femi Adebayo",
  "Greta Nyström",
  "Hugo Barros",
  "Imani Otieno",
  "Jonas Weber",
  "Keiko Mori",
  "Lea Fournier",
  "Mateo Ibarra",
  "Noor Haddad",
  "Oskar Zielinski",
  "Petra Novak",
  "Quentin Marsh",
  "Rania Saleh",
  "Sofia Delgado",
  "Tariq Aziz",
  "Ulla Berg",
  "Victor Popescu",
  "Wanda Kruger",
  "Xavier Roche",
  "Yael Shapira",
  "Zoe Papadaki",
  "Amir Nazari",
  "Beatriz Moura",
  "Cem Yildiz",
  "Dalia Rosen",
  "Emil Hansen",
  "Farah Khalil",
  "Giulia Conti",
  "Hana Suzuki",
  "Ivan Petrov",
  "Julia Lang",
  "Kofi Boateng",
  "Lucia Reyes",
  "Magnus Dahl",
  "Nina Horvat",
];

export const CUSTOMER_NAMES: Readonly<Record<Language, readonly string[]>> = {
  en: [
    "Molly Ashdown",
    "Kieran O'Brien",
    "Priscilla Tate",
    "Samuel Okafor",
    "Grace Lindgren",
    "Tom Barlow",
    "Aisha Rahman",
    "Rupert Hale",
    "Nadia Forbes",
    "Callum Reid",
    "Beth Sawyer",
    "Winston Clarke",
    "Isla MacLeod",
    "Derek Pym",
    "Sinéad D'Arcy",
    "Lloyd Vaughan",
  ],
  de: ["Heike Brandt", "Jürgen Groß", "Anneliese Vogt", "Timo Schäfer", "Katrin Böhm"],
  fr: ["Élodie Marchand", "Thierry Lemoine", "Camille Dufour", "Benoît Girard"],
  es: ["Lucía Navarro", "Íñigo Salas", "Carmen Peña", "Rodrigo Quintana"],
  ar: ["ليلى المنصوري", "عمر الحداد", "سارة القاسم"],
  he: ["נועה ברק", "איתי כהן", "תמר אלון"],
  ja: ["田中 美咲", "佐藤 健", "高橋 由美"],
};

/** The last part of e-mail addresses; domains that nobody can own. */
export const MAIL_DOMAINS: readonly string[] = [
  "mail.example",
  "post.example",
  "inbox.example.org",
  "home.example.net",
];

export const COMPANY_NAMES: readonly string[] = [
  "Northgate Analytics Ltd",
  "Brightwater Cafés GmbH",
  "Atelier Rousseau SARL",
  "Hermanos Pardo S.L.",
  "Kestrel Logistics plc",
  "Olive & Thyme Catering",
  "Sakura Foods K.K.",
  "Jaffa Bay Hotels",
  "Cedar House Schools",
  "Fjord Furniture AS",
  "Blue Heron Clinics",
  "Quayside Events Ltd",
];

export const RESTAURANT_NAMES: readonly string[] = [
  "Luna Pizza",
  "The Copper Wok",
  "Kebab Corner 24",
  "Green Bowl",
  "Mama Adaeze's Kitchen",
  "Sushi Kaze",
  "Taverna Thalassa",
  "Burger Foundry",
  "Curry Leaf House",
  "La Petite Crêpe",
];

export const COURIER_PARTNERS: readonly string[] = [
  "SwiftWheels",
  "PedalPost",
  "CityDash",
  "NightOwl Riders",
  "Hopper Delivery",
];

export const CITIES: readonly string[] = [
  "Leeds",
  "Bristol",
  "Hamburg",
  "Lyon",
  "Valencia",
  "Haifa",
  "Amman",
  "Osaka",
  "Cardiff",
  "Graz",
];

export const GROUP_NAMES: readonly string[] = [
  "Orders",
  "Billing",
  "Delivery partners",
  "Technical support",
  "Escalations",
  "International",
];
