// The worker's job in BullMQ: one notification in PostgreSQL for one event, once however often the job comes.
//
//   node bullmq.js fill FILE   adds the jobs in FILE, one JSON object a line; not measured
//   node bullmq.js work        works on them until it is told to stop
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Queue, Worker } from "bullmq";
import pg from "pg";

const QUEUE = "events";
const url = new URL(process.env.BENCH_REDIS_URL);
const connection = {
  host: url.hostname,
  port: Number(url.port),
  username: url.username,
  password: url.password,
  db: Number(url.pathname.slice(1)),
  maxRetriesPerRequest: null,
};

// Named, so that node-postgres prepares it once a connection.
const INSERT = `
  INSERT INTO delivery.notifications (id, user_id, team_id, revision, type, task_id, task_key, title, actor_id)
  VALUES ($1, $2, $3, $4, 'task.assigned', $5, $6, $7, $8)
  ON CONFLICT (user_id, team_id, revision) DO NOTHING`;

async function fill(file) {
  const queue = new Queue(QUEUE, { connection, defaultJobOptions: { removeOnComplete: true, attempts: 5 } });
  let jobs = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    jobs.push({ name: "notify", data: JSON.parse(line) });
    if (jobs.length === 1000) {
      await queue.addBulk(jobs);
      jobs = [];
    }
  }
  await queue.addBulk(jobs);
  await queue.close();
}

function work() {
  const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: Number(process.env.BENCH_POOL) });
  const notify = async ({ data: event }) => {
    const task = event.data.task;
    for (const user of task.assignees) {
      if (user !== event.actorid) {
        const values = [event.id, user, event.teamid, event.revision, task.id, task.key, task.title, event.actorid];
        await pool.query({ name: "notify", text: INSERT, values });
      }
    }
  };
  const worker = new Worker(QUEUE, notify, { connection, concurrency: Number(process.env.BENCH_CONCURRENCY) });
  worker.on("error", (error) => console.error(error));
  worker.on("failed", (_, error) => console.error(error));
}

if (process.argv[2] === "fill") await fill(process.argv[3]);
else work();
