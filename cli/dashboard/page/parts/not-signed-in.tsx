/** What stands where nobody is signed in, or the server has ended. */
export function NotSignedIn({ why }: { readonly why: string | null }) {
  return (
    <main class="away">
      <h1>ccs</h1>
      <p role="alert">{why === null ? "This page is not signed in." : `${why[0]?.toUpperCase()}${why.slice(1)}.`}</p>
      <p>
        Run <code>ccs config</code> in a terminal: it opens this page with a fresh link.
      </p>
    </main>
  );
}
