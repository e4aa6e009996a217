import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./icons.tsx";

/** Where the focus was before the first of several dialogs that follow one another. */
let opener: HTMLElement | null = null;

interface DialogProps {
  readonly title: string;
  readonly subtitle?: string;
  /** Whether it stays whatever is pressed: something is being changed. */
  readonly held?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog of the browser's own: it keeps the focus, closes with Esc, and gives the focus back. */
export function Dialog({ title, subtitle, held = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const label = useId();
  useEffect(() => {
    const before = document.activeElement;
    if (before instanceof HTMLElement && before !== document.body) opener = before;
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>("input:checked, input")?.focus();
    // Not before this one is gone: until then nothing outside of it can have the focus.
    return () => void setTimeout(() => document.querySelector("dialog[open]") ?? opener?.focus());
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={label}
      onCancel={(event) => {
        if (held) event.preventDefault();
      }}
      onClose={onClose}
    >
      <header>
        <div>
          <h2 id={label}>{title}</h2>
          {subtitle === undefined ? null : <p class="soft">{subtitle}</p>}
        </div>
        <button type="button" class="plain square" aria-label="Close" disabled={held} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
