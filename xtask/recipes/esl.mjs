// A client of FreeSWITCH that others wrote (modesl, of npm) has to understand the one that is none: `node esl.mjs PORT PASSWORD`. It signs in,
// hears of one caller who comes and hangs up, and asks about it.
import esl from "modesl";

const [port, password] = process.argv.slice(2);
const fail = (why) => {
  console.error(`esl.mjs: ${why}`);
  process.exit(1);
};
setTimeout(() => fail("nothing was heard for 20 s"), 20_000);

const connection = new esl.Connection("127.0.0.1", Number(port), password, () => {
  connection.subscribe(["CHANNEL_HANGUP_COMPLETE", "CUSTOM", "callslot::waits"], () => console.log("ready"));
});
connection.on("error", (error) => fail(error));
connection.on("esl::event::CUSTOM::*", (event) => {
  const id = event.getHeader("Unique-ID");
  if (event.getHeader("variable_callslot_agent") !== "support") fail("the event lacks the channel's variables");
  connection.api("show channels as json", (said) => {
    const { row_count, rows } = JSON.parse(said.getBody());
    if (row_count !== 1 || rows[0].uuid !== id) fail(`${id} is not shown`);
    connection.api(`uuid_kill ${id}`, (told) => {
      if (!told.getBody().startsWith("+OK")) fail(told.getBody());
    });
  });
});
connection.on("esl::event::CHANNEL_HANGUP_COMPLETE::*", (event) => {
  if (event.getHeader("Hangup-Cause") !== "NORMAL_CLEARING") fail("the hang-up has no cause");
  process.exit(0);
});
