/** What customers and agents of each language say in any conversation: follow-ups, thanks, signatures. */
import type { Language, SmallTalk } from "./conversation-script.ts";

export const SMALL_TALK: Readonly<Record<Language, SmallTalk>> = {
  en: {
    language: "en",
    customer: [
      "Any news on this?",
      "Hello? Is anybody reading these messages?",
      "Sorry for writing again, I forgot to say that it happened on my phone, not on the computer.",
      "Thank you, that is clear now.",
      "I have attached what you asked for.",
      "👍",
      "Could you please answer in writing? I cannot take calls at work.",
    ],
    agent: [
      "Hello {customer}, I am still waiting for an answer from {partner} and have not forgotten you. I will write again today.",
      "Thank you for your patience. I have passed this on to the team that can decide it.",
      "Is there anything else that I can do for you?",
      "I have checked again and everything is in order on our side now.",
      "As I have not heard from you, I will close this for now. Simply answer to open it again.",
    ],
    note: [
      "Customer since 2019, two complaints, both justified. Be generous.",
      "Asked {partner} again, second reminder.",
      "Shift handover: waiting for finance, nothing to do before tomorrow.",
      "QA: please look at the tone of the second reply.",
    ],
    quoteIntroduction: "On {date}, {customer} wrote:",
    agentSignature: "Kind regards,\n{agent}\nCustomer Care",
    customerSignatures: [
      "Sent from my phone",
      "--\n{customer}\nThis message is confidential. If you received it by mistake, please delete it.",
      "Best,\n{customer}",
    ],
  },
  de: {
    language: "de",
    customer: [
      "Gibt es schon etwas Neues?",
      "Vielen Dank, das habe ich verstanden.",
      "Anbei das gewünschte Foto.",
      "Bitte um Rückmeldung bis morgen.",
    ],
    agent: [
      "Guten Tag {customer}, ich warte noch auf eine Antwort von {partner} und melde mich heute wieder.",
      "Kann ich sonst noch etwas für Sie tun?",
      "Ich habe es an die zuständige Abteilung weitergegeben.",
    ],
    note: ["Rückruf vereinbart, Kunde ist ab 17 Uhr erreichbar.", "Wartet auf Buchhaltung."],
    quoteIntroduction: "Am {date} schrieb {customer}:",
    agentSignature: "Mit freundlichen Grüßen\n{agent}\nKundenservice",
    customerSignatures: ["Von meinem Handy gesendet", "Viele Grüße\n{customer}"],
  },
  fr: {
    language: "fr",
    customer: ["Avez-vous des nouvelles ?", "D'accord, merci.", "Ci-joint la photo demandée."],
    agent: [
      "Bonjour {customer}, j'attends encore une réponse de {partner} et je reviens vers vous aujourd'hui.",
      "Puis-je faire autre chose pour vous ?",
    ],
    note: ["Relance envoyée au partenaire.", "À suivre demain matin."],
    quoteIntroduction: "Le {date}, {customer} a écrit :",
    agentSignature: "Cordialement,\n{agent}\nService client",
    customerSignatures: ["Envoyé de mon téléphone", "Bien à vous,\n{customer}"],
  },
  es: {
    language: "es",
    customer: [
      "¿Hay alguna novedad?",
      "De acuerdo, muchas gracias.",
      "Adjunto la foto que me pidió.",
    ],
    agent: [
      "Hola {customer}, sigo esperando la respuesta de {partner}; le escribo hoy mismo.",
      "¿Puedo ayudarle en algo más?",
    ],
    note: ["Segundo aviso al socio.", "Pendiente de contabilidad."],
    quoteIntroduction: "El {date}, {customer} escribió:",
    agentSignature: "Un saludo,\n{agent}\nAtención al cliente",
    customerSignatures: ["Enviado desde mi móvil", "Saludos,\n{customer}"],
  },
  ar: {
    language: "ar",
    customer: ["هل من جديد؟", "شكرًا، فهمت.", "أرفقت الصورة المطلوبة."],
    agent: [
      "أهلًا {customer}، ما زلت أنتظر رد {partner} وسأكتب لك اليوم.",
      "هل أستطيع مساعدتك في شيء آخر؟",
    ],
    note: ["تذكير ثانٍ للشريك.", "بانتظار قسم المحاسبة."],
    quoteIntroduction: "كتب {customer} في {date}:",
    agentSignature: "مع التحية،\n{agent}\nخدمة العملاء",
    customerSignatures: ["أُرسلت من هاتفي", "تحياتي،\n{customer}"],
  },
  he: {
    language: "he",
    customer: ["יש חדש?", "תודה, הבנתי.", "מצורפת התמונה שביקשתם."],
    agent: [
      "שלום {customer}, אני עדיין ממתינה לתשובה של {partner} ואכתוב שוב היום.",
      "אפשר לעזור בעוד משהו?",
    ],
    note: ["תזכורת שנייה לשותף.", "ממתין להנהלת חשבונות."],
    quoteIntroduction: "בתאריך {date} כתב/ה {customer}:",
    agentSignature: "בברכה,\n{agent}\nשירות לקוחות",
    customerSignatures: ["נשלח מהטלפון שלי", "תודה,\n{customer}"],
  },
  ja: {
    language: "ja",
    customer: [
      "その後いかがでしょうか。",
      "承知しました。ありがとうございます。",
      "写真を添付いたします。",
    ],
    agent: [
      "{customer}様、現在{partner}に確認しております。本日中にご連絡いたします。",
      "ほかにお手伝いできることはございますか。",
    ],
    note: ["提携先に再度確認中。", "明朝に引き継ぎ。"],
    quoteIntroduction: "{date} {customer} のメッセージ:",
    agentSignature: "よろしくお願いいたします。\n{agent}\nカスタマーサポート",
    customerSignatures: ["スマートフォンから送信", "{customer}"],
  },
};
