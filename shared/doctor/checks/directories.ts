import { misplaced, misplacedRooms } from "../../context/rooms.ts";
import { type Check, finding, orOk } from "../finding.ts";

/** Where ccs keeps something there are directories, or nothing yet. */
export const directories: Check = {
  name: "directories",
  mends: [],
  run(world) {
    const { home, areas } = world;
    const wrong = [...misplacedRooms(home, areas), ...[home.shared, home.groups].flatMap((path) => misplaced(path) ?? [])];
    const found = wrong.map(({ where, message, hint }) => finding("error", message, { where, command: hint }));
    return orOk(found, "nothing stands where ccs keeps its own directories");
  },
};
