import { useEffect, useState } from "preact/hooks";
import type { Refusal } from "../api/schemas.ts";
import { AccountsPage } from "./accounts/page.tsx";
import { CallError, call, listen } from "./call.ts";
import { DoctorPage } from "./doctor/page.tsx";
import { GroupsPage } from "./groups/page.tsx";
import { useAnswer } from "./parts/asking.ts";
import { Icon } from "./parts/icons.tsx";
import { NotSignedIn } from "./parts/not-signed-in.tsx";
import { Problem } from "./parts/problem.tsx";

const PAGES = { accounts: "Accounts", groups: "Groups", doctor: "Doctor" } as const;
type PageName = keyof typeof PAGES;

export function App() {
  const page = usePage();
  const { revision, gone, trouble } = useRevision();
  const accounts = useAnswer((signal) => call("accounts", {}, signal), "accounts", revision);
  const refused = accounts.refusal;
  const why = gone ?? (refused?.code === "unauthorized" || refused?.code === "gone" ? refused.message : null);
  useEffect(() => {
    document.title = `${PAGES[page]} - ccs`;
  }, [page]);
  if (why !== null) return <NotSignedIn why={why} />;
  return (
    <div class="frame">
      <nav aria-label="Pages">
        <span class="brand">ccs</span>
        <ul>
          {(Object.keys(PAGES) as PageName[]).map((name) => (
            <li key={name}>
              <a href={`#/${name}`} {...(name === page ? { "aria-current": "page" as const } : {})}>
                <Icon name={name} />
                {PAGES[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main>
        {trouble === null ? null : <Problem {...trouble} />}
        {refused === null ? null : <Problem {...refused} />}
        {page === "accounts" && accounts.answer !== null ? <AccountsPage data={accounts.answer} revision={revision} /> : null}
        {page === "groups" ? <GroupsPage revision={revision} /> : null}
        {page === "doctor" ? <DoctorPage revision={revision} /> : null}
      </main>
    </div>
  );
}

/** The page the address names. */
function usePage(): PageName {
  const read = (): PageName => (Object.keys(PAGES) as PageName[]).find((name) => location.hash === `#/${name}`) ?? "accounts";
  const [page, setPage] = useState(read);
  useEffect(() => {
    const turn = () => setPage(read());
    addEventListener("hashchange", turn);
    return () => removeEventListener("hashchange", turn);
  }, []);
  return page;
}

interface Following {
  /** Grows with every change on disk. */
  readonly revision: number;
  /** Why it will not any more. */
  readonly gone: string | null;
  /** What of the disk cannot be followed. */
  readonly trouble: Refusal["error"] | null;
}

function useRevision(): Following {
  const [revision, setRevision] = useState(0);
  const [gone, setGone] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Refusal["error"] | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    const follow = async () => {
      let ended = false;
      try {
        // A connection may break where the server has not ended: what happened meanwhile is looked at anew.
        while (!ended) {
          await listen((event, data) => {
            if (event === "ended") ended = true;
            else if (event === "trouble") setTrouble(JSON.parse(data) as Refusal["error"]);
            else setRevision((last) => last + 1);
          }, leaving.signal);
        }
        setGone("the server has ended");
      } catch (error) {
        if (leaving.signal.aborted) return;
        setGone(error instanceof CallError ? error.message : "the server has ended");
      }
    };
    void follow();
    return () => leaving.abort();
  }, []);
  return { revision, gone, trouble };
}
