/** What the page Install says, in English. */

export const enInstall = {
  state: "What is installed",
  states: {
    unreadable: "Could not be read",
    not_installed: "Not installed",
    unfinished: "Unfinished",
    in_sync: "In sync",
    changed: "Changed",
    other_version: "Other version",
    disabled: "Disabled",
  },
  stateHelp: {
    unreadable: "What is installed could not be read, so its state is unknown.",
    not_installed: "CaseQA is not installed in this account. Start with “Install all”.",
    unfinished: "The bundle is there, but not everything that it needs. “Install all” finishes it.",
    in_sync: "Zendesk runs exactly the bundle that this app carries.",
    changed: "The bundle in Zendesk is not what was uploaded last. “Install all” brings it back.",
    other_version: "Zendesk runs another version of the bundle. “Install all” brings this one.",
    disabled: "The bundle is there, but no job spec is installed: no event starts a flow.",
  },
  attention: "Needs attention",
  working: "Being changed",
  workingHelp: "Steps are running; what is installed is read again when they end.",
  details: "Details",
  problems: "This needs your attention",
  readFailed: "What is installed could not be read.",
  checkAgain: "Check again",
  missing: (names: string) => `${names} missing`,
  fact: {
    bundle: "Bundle in Zendesk",
    template: "Bundle of this app",
    jobSpecs: "Job specs",
    connections: "Connections",
    webhooks: "Inbound webhooks",
    revision: "Settings",
    lastEvent: "Last event of a ticket",
    integration: "Integration",
  },
  jobSpecs: (installed: number, missing: number, orphaned: number) =>
    [
      `${installed} installed`,
      ...(missing > 0 ? [`${missing} missing`] : []),
      ...(orphaned > 0 ? [`${orphaned} orphaned`] : []),
    ].join(", "),
  switchedOff: "switched off",
  settingsWrong: "wrong",
  revision: (revision: number) => `Revision ${revision}`,
  steps: "Steps",
  stepsHelp:
    "Every step checks first, does what is missing, and reads it back. You can repeat them at any time.",
  all: "Install all",
  again: "Install all again",
  running: "Installing…",
  run: "Run",
  repeat: "Repeat",
  stopped: (step: string) => `Stopped at “${step}”. Fix it, then continue.`,
  finished: "All steps are done.",
  progress: (done: number, of: number) => `${done} of ${of} steps`,
  outcome: {
    idle: "Not checked yet",
    running: "Running",
    done: "Done",
    already: "Was done already",
    waiting: "Waiting",
    failed: "Failed",
  },
  step: {
    integration: {
      title: "Register the integration",
      help: "Takes the name that this account uses with Zendesk Integration Services.",
    },
    oauth_client: {
      title: "OAuth client",
      help: "Zendesk creates it with the integration; flows use it.",
    },
    connections: {
      title: "Connection to the server",
      help: "Gives Zendesk the server token that flows send. Salesforce needs nothing here: its login lives in the server.",
    },
    bundle: {
      title: "Upload the bundle",
      help: "Sends the flows that this app carries, and compares what Zendesk then holds.",
    },
    job_specs: {
      title: "Install the job specs",
      help: "Every upload orphans them; all are installed again and leftovers are removed.",
    },
    webhooks: {
      title: "Inbound webhooks",
      help: "The server starts flows with these. Their passwords go straight to the server.",
    },
    config: {
      title: "Settings document",
      help: "Writes the default settings, or keeps existing ones.",
    },
    settings_sync: {
      title: "Hand the settings to the server",
      help: "Starts the flow that reads the settings, now and each hour from then on.",
    },
    test_event: {
      title: "Test event",
      help: "Sends one event through Zendesk to the server, and shows the answer.",
    },
  },
  token: {
    label: "Server token",
    help: "One of the server's SERVER_TOKENS. It goes to Zendesk's connection and is not kept here.",
    wanted: "Enter the server token first: the connection is not there yet.",
    replace: "Replace the server token",
  },
  maintain: "Maintenance",
  rollback: {
    title: "Roll back",
    help: "Uploads the bundle before this one again and installs its job specs.",
    button: "Roll back…",
    confirm: "Roll back to the previous bundle?",
    confirmHelp:
      "Zendesk will run the flows of the bundle that was uploaded before. The settings keep their content. You come back with “Install all”.",
  },
  disable: {
    title: "Disable",
    help: "Uninstalls the job specs: no event starts a flow until you enable them again. Nothing is deleted.",
    button: "Disable…",
    confirm: "Disable CaseQA?",
    confirmHelp:
      "Tickets that change meanwhile are picked up by the next sweep, as far back as it is set to look.",
  },
  enable: {
    title: "Enable",
    help: "Installs the job specs again, so that events start flows.",
    button: "Enable",
  },
  uninstall: {
    title: "Uninstall",
    help: "Removes job specs, connections, webhooks and settings from this account.",
    button: "Uninstall…",
    confirm: "Uninstall CaseQA from this account?",
    confirmHelp:
      "Zendesk keeps the integration's name and the uploaded bundles: it has no way to delete them. What the server stored stays there.",
    type: (word: string) => `Type ${word} to confirm`,
    links: "Also delete the links between tickets and cases",
    mismatch: "That is not the name of the account.",
  },
  did: "What was done",
  kept: "Cannot be deleted",
  result: "Result",
};
