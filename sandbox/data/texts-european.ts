/** German, French and Spanish conversations. */
import type { ConversationScript } from "./conversation-script.ts";

export const EUROPEAN_SCRIPTS: readonly ConversationScript[] = [
  {
    language: "de",
    topic: "order",
    subject: "Bestellung {order} unvollständig",
    lines: [
      [
        "customer",
        "Guten Tag,\n\nbei meiner Bestellung {order} von {restaurant} fehlten die Käsespätzle und zwei Getränke. Bezahlt habe ich alles. Bitte um Erstattung.\n\nMit freundlichen Grüßen",
      ],
      [
        "agent",
        "Guten Tag {customer},\n\ndas tut mir leid. War die Tüte noch verschlossen, als sie bei Ihnen ankam?",
      ],
      ["customer", "Ja, das Siegel war unbeschädigt."],
      ["note", "Küche hat Fehler zugegeben. Erstattung über {amount} freigegeben."],
      [
        "agent",
        "Vielen Dank. Ich habe Ihnen {amount} erstattet, das Geld ist in drei bis fünf Werktagen auf Ihrem Konto.",
      ],
      ["customer", "Super, danke für die schnelle Hilfe! 😊"],
    ],
  },
  {
    language: "de",
    topic: "billing",
    subject: "Rechnung {invoice} – falsche Umsatzsteuer",
    lines: [
      [
        "customer",
        "Sehr geehrte Damen und Herren,\n\nauf der Rechnung {invoice} sind 19 % statt 7 % Umsatzsteuer ausgewiesen. Ich bitte um Berichtigung.",
      ],
      [
        "agent",
        "Guten Tag {customer}, Sie haben recht: Für Speisen zum Mitnehmen gilt der ermäßigte Satz. Die berichtigte Rechnung hängt an.",
      ],
      ["note", "Steuersatz am Artikel falsch gepflegt, an Stammdaten gemeldet."],
      ["customer", "Erhalten, vielen Dank."],
    ],
  },
  {
    language: "de",
    topic: "technical",
    subject: "App stürzt beim Bezahlen ab",
    lines: [
      [
        "customer",
        "Hallo, sobald ich auf „Bezahlen“ tippe, schließt sich die App. Die {amount} wurden trotzdem abgebucht!!",
      ],
      [
        "agent",
        "Hallo {customer}, bitte nicht noch einmal versuchen: Ihre Bestellung {order} ist bei uns eingegangen und wird gerade zubereitet.",
      ],
      ["customer", "Ok, sie ist tatsächlich gekommen. Aber das muss man doch wissen können?!"],
      ["note", "Absturz nach Rückkehr aus 3-D Secure, bekannt, Korrektur in 9.41.3."],
      [
        "agent",
        "Da stimme ich Ihnen zu. Mit der nächsten Version zeigt die App in diesem Fall die Bestellung an. Danke für Ihre Geduld.",
      ],
    ],
  },
  {
    language: "fr",
    topic: "delivery",
    subject: "Livreur jamais arrivé – commande {order}",
    lines: [
      [
        "customer",
        "Bonjour,\n\nj'attends la commande {order} depuis {minutes} minutes. L'application dit « livrée » mais personne n'a sonné. C'est inadmissible.",
      ],
      [
        "agent",
        "Bonjour {customer}, je suis vraiment désolée. Je contacte le livreur de {partner} tout de suite.",
      ],
      ["note", "Livreur injoignable, position à {city} gare. Remboursement intégral."],
      [
        "agent",
        "Le livreur ne répond pas. Je vous rembourse {amount} et vous offre la livraison de votre prochaine commande.",
      ],
      ["customer", "Merci, mais j'ai quand même dîné de biscuits 🍪"],
    ],
  },
  {
    language: "fr",
    topic: "billing",
    subject: "Double prélèvement",
    lines: [
      [
        "customer",
        "Bonjour, j'ai été prélevé deux fois de {amount} pour la même commande ({order}). Pouvez-vous m'aider ? Merci d'avance.",
      ],
      [
        "agent",
        "Bonjour {customer}, l'un des deux montants n'est qu'une autorisation : elle disparaîtra sous sept jours. Dites-moi si ce n'est pas le cas.",
      ],
      ["customer", "Cela fait neuf jours… et l'argent n'est toujours pas revenu."],
      ["note", "Deux captures réelles chez le prestataire. Remboursement {invoice} lancé."],
      [
        "agent",
        "Vous aviez raison, je viens de rembourser le second prélèvement. Toutes mes excuses.",
      ],
      ["customer", "C'est bien arrivé, merci beaucoup."],
    ],
  },
  {
    language: "es",
    topic: "order",
    subject: "Pedido {order} equivocado",
    lines: [
      [
        "customer",
        "¡Hola! Me han traído el pedido de otra persona. Yo pedí dos tortillas y una ensalada en {restaurant} y recibí sushi. ¿Qué hago?",
      ],
      [
        "agent",
        "Hola {customer}, lamento mucho el error. Puede quedarse con la comida; he pedido que le preparen otra vez su pedido sin coste.",
      ],
      ["customer", "¿Cuánto tardará? Tengo niños con hambre."],
      ["note", "{partner} cambió las bolsas. Segundo envío con prioridad."],
      ["agent", "Unos {minutes} minutos. El repartidor ya está en camino."],
      ["customer", "Llegó todo bien. ¡Gracias! 🥰"],
    ],
  },
  {
    language: "es",
    topic: "technical",
    subject: "No puedo iniciar sesión",
    lines: [
      [
        "customer",
        "Buenas tardes, la aplicación dice «contraseña incorrecta» aunque acabo de cambiarla. Necesito ver la factura {invoice}.",
      ],
      [
        "agent",
        "Buenas tardes {customer}: si la contraseña lleva la letra ñ, la versión actual la rechaza. ¿Es su caso?",
      ],
      ["customer", "¡Sí! Increíble pero cierto."],
      ["note", "Error de normalización Unicode, ya notificado a desarrollo."],
      [
        "agent",
        "Le adjunto la factura. El error quedará resuelto esta semana; entretanto use una contraseña sin ñ.",
      ],
    ],
  },
];
