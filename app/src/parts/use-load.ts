/** Data that a component loads when it appears, and again on request. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export type Loaded<Value> =
  | { readonly status: "loading"; readonly value: Value | undefined }
  | { readonly status: "loaded"; readonly value: Value }
  | { readonly status: "failed"; readonly value: Value | undefined; readonly error: unknown };

/** The last value stays while it is loaded again. Only the latest load counts. */
export function useLoad<Value>(
  read: () => Promise<Value>,
  inputs: readonly unknown[],
): { readonly loaded: Loaded<Value>; readonly reload: () => Promise<void> } {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ status: "loading", value: undefined });
  const turn = useRef(0);
  const reload = useCallback(async () => {
    const mine = ++turn.current;
    setLoaded((before) => ({ status: "loading", value: before.value }));
    try {
      const value = await read();
      if (mine === turn.current) setLoaded({ status: "loaded", value });
    } catch (error) {
      if (mine === turn.current) {
        setLoaded((before) => ({ status: "failed", value: before.value, error }));
      }
    }
    // The inputs change when `read` changes its meaning.
  }, inputs);
  useEffect(() => {
    void reload();
    return () => {
      turn.current++;
    };
  }, [reload]);
  return { loaded, reload };
}
