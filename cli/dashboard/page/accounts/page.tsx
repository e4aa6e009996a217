import type { Answer } from "../../api/schemas.ts";

export function AccountsPage({ accounts }: Answer<"accounts">) {
  return (
    <>
      <h1>Accounts</h1>
      <table>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Context</th>
            <th scope="col">Login</th>
            <th scope="col">Health</th>
            <th scope="col">
              <span class="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr key={account.name}>
              <th scope="row">{account.name}</th>
              <td>{account.context}</td>
              <td>{account.login.email ?? account.standing.words}</td>
              <td>{account.health}</td>
              <td>
                <button type="button" aria-label={`Edit History Sync of ${account.name}`} disabled>
                  ✎
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
