/** The life of an edit: read, draft, review, save, conflict, hand over to the server. */
import { useState } from "preact/hooks";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import { checkSettings, type FieldProblem } from "#install/settings-check";
import {
  diffSettings,
  saveSettings,
  syncSettings,
  type FieldChange,
  type ReadSettings,
} from "#install/settings-edit";
import { useAppContext } from "../app-context.ts";
import { rebase } from "./draft.ts";

/** What was read last, and what the form has made of it. */
interface Edit {
  readonly base: string;
  readonly settings: Settings;
  readonly draft: Settings;
  /** The problems of the document in Zendesk, when it is wrong. */
  readonly wrong: readonly FieldProblem[];
}

export type Notice =
  | { readonly kind: "saved"; readonly revision: number }
  | {
      readonly kind: "not_synced";
      readonly revision: number;
      readonly message: string;
      readonly remedy: string;
    }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "loaded"; readonly sentence: string };

interface Conflict {
  readonly theirs: Settings;
  readonly base: string;
}

export interface SettingsEdit {
  readonly edit: Edit | null;
  readonly changes: readonly FieldChange[];
  readonly problems: readonly FieldProblem[];
  readonly notice: Notice | null;
  readonly conflict: Conflict | null;
  readonly isReviewing: boolean;
  readonly isSaving: boolean;
  readonly savedCount: number;
  readonly open: (read: ReadSettings) => void;
  readonly change: (draft: Settings) => void;
  /** Puts a whole document into the form: from a file or the history. */
  readonly load: (settings: Settings, sentence: string) => void;
  readonly discard: () => void;
  readonly review: () => void;
  readonly cancelReview: () => void;
  /** @param why the administrator's reason; may be empty */
  readonly save: (why: string) => Promise<void>;
  readonly takeTheirs: () => void;
  readonly keepMine: () => void;
  readonly leaveConflict: () => void;
}

export function useSettingsEdit(): SettingsEdit {
  const { steps, announce, language } = useAppContext();
  const { settings: texts } = language.texts;
  const [edit, setEdit] = useState<Edit | null>(null);
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const [notice, setNotice] = useState<Notice | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [isReviewing, setIsReviewing] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const [savedCount, setSavedCount] = useState(0);

  const changes = edit ? diffSettings(edit.settings, edit.draft) : [];

  const change = (draft: Settings): void => {
    setEdit((before) => before && { ...before, draft });
    setNotice(null);
    // While somebody types, only fields that were reported as wrong are checked again.
    setProblems((before) => (before.length === 0 ? before : problemsOf(draft)));
  };

  /** Somebody else's document becomes the base; the form keeps `draft`. */
  const meet = (theirs: ReadSettings): void => {
    setIsReviewing(false);
    if (theirs.outcome === "found") {
      setConflict({ theirs: theirs.settings, base: theirs.base });
      return;
    }
    const base = theirs.outcome === "wrong" ? theirs.base : "missing";
    setEdit((before) => before && { ...before, base });
    setNotice({ kind: "failed", error: new Error(texts.missing) });
  };

  const saved = async (settings: Settings, base: string): Promise<void> => {
    setEdit({ base, settings, draft: settings, wrong: [] });
    setIsReviewing(false);
    const { revision } = settings;
    const synced = await syncSettings(steps, revision);
    setSavedCount((count) => count + 1);
    if (synced.outcome === "in_force") {
      setNotice({ kind: "saved", revision });
      announce(texts.saved(revision));
      return;
    }
    const { message, remedy } = synced;
    setNotice({ kind: "not_synced", revision, message, remedy });
    announce(texts.savedNotSynced(revision));
  };

  const save = async (why: string): Promise<void> => {
    if (edit === null) return;
    setIsSaving(true);
    try {
      const result = await saveSettings(steps, {
        base: edit.base,
        settings: edit.draft,
        why: why.trim(),
      });
      if (result.outcome === "saved") await saved(result.settings, result.base);
      else if (result.outcome === "invalid") {
        setProblems(result.problems);
        setIsReviewing(false);
      } else meet(result.theirs);
    } catch (error) {
      setNotice({ kind: "failed", error });
      setIsReviewing(false);
    } finally {
      setIsSaving(false);
    }
  };

  return {
    edit,
    changes,
    problems,
    notice,
    conflict,
    isReviewing,
    isSaving,
    savedCount,
    open: (read) => setEdit(editOf(read)),
    change,
    load(settings, sentence) {
      if (edit) change({ ...settings, revision: edit.settings.revision });
      setNotice({ kind: "loaded", sentence });
      announce(sentence);
    },
    discard() {
      if (edit) change(edit.settings);
      setProblems([]);
    },
    review() {
      const found = edit ? problemsOf(edit.draft) : [];
      setProblems(found);
      setNotice(null);
      setIsReviewing(found.length === 0);
    },
    cancelReview: () => setIsReviewing(false),
    save,
    takeTheirs() {
      if (!conflict) return;
      const { theirs, base } = conflict;
      setEdit({ base, settings: theirs, draft: theirs, wrong: [] });
      setConflict(null);
    },
    keepMine() {
      if (!conflict || !edit) return;
      const { theirs, base } = conflict;
      const draft = rebase(edit.settings, edit.draft, theirs);
      setEdit({ base, settings: theirs, draft, wrong: [] });
      setConflict(null);
      setIsReviewing(true);
    },
    leaveConflict: () => setConflict(null),
  };
}

function problemsOf(draft: Settings): readonly FieldProblem[] {
  const checked = checkSettings(draft);
  return checked.ok ? [] : checked.problems;
}

/** Null: there is no document yet. */
function editOf(read: ReadSettings): Edit | null {
  if (read.outcome === "missing") return null;
  const { base } = read;
  if (read.outcome === "found") {
    return { base, settings: read.settings, draft: read.settings, wrong: [] };
  }
  return { base, settings: DEFAULT_SETTINGS, draft: DEFAULT_SETTINGS, wrong: read.problems };
}
