import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { AccountRow } from "../../api/schemas.ts";
import { Icon } from "../parts/icons.tsx";
import type { Doing } from "./table.tsx";

interface MenuProps {
  readonly row: AccountRow;
  readonly onDo: (doing: Doing, account: AccountRow) => void;
}

/** What else can be done with an account, behind one button. The browser's own popover closes it on Esc and on a click beside it. */
export function RowMenu({ row, onDo }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  // Of hundreds of rows, one is looked into.
  const [open, setOpen] = useState(false);
  const { name, isDefault, login } = row;

  useEffect(() => {
    const shown = menu.current;
    if (!open || shown === null || button.current === null) return;
    const { right, bottom, top } = button.current.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = shown;
    shown.style.left = `${Math.max(8, right - width)}px`;
    shown.style.top = `${bottom + height + 8 > innerHeight ? top - height - 4 : bottom + 4}px`;
    shown.querySelector("button")?.focus();
  }, [open]);

  const choose = (doing: Doing) => {
    menu.current?.hidePopover();
    onDo(doing, row);
  };
  const items: [Doing, string][] = [
    ["edit", "Edit History Sync"],
    isDefault ? ["no-default", "No default account"] : ["default", "Make it the default"],
    ["login", login.loggedIn ? "Log in again" : "Log in"],
    ["remove", "Remove"],
  ];
  return (
    <>
      <button
        ref={button}
        type="button"
        class="plain square"
        data-row="more"
        aria-label={`More for ${name}`}
        aria-haspopup="menu"
        popovertarget={id}
      >
        <Icon name="more" />
      </button>
      <div
        ref={menu}
        id={id}
        class="menu"
        popover="auto"
        role="menu"
        aria-label={`More for ${name}`}
        onKeyDown={goThrough}
        onToggle={({ newState }) => setOpen(newState === "open")}
      >
        {(open ? items : []).map(([doing, words]) => (
          <button key={doing} type="button" role="menuitem" class={doing === "remove" ? "bad" : undefined} onClick={() => choose(doing)}>
            {words}
          </button>
        ))}
      </div>
    </>
  );
}

function goThrough(event: KeyboardEvent) {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
  const at = items.indexOf(event.target as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items[(to + items.length) % items.length]?.focus();
}
