/** People, teams and tasks for a test to play with, each test its own; made through the API, as a page would. */
import { expect, request, type APIRequestContext, type BrowserContext, type Page, type Route } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { test as base } from './browser.ts';

export const PASSWORD = 'correct horse battery';

const BASE_URL = process.env.BASE_URL ?? 'http://127.0.0.1:18088';
/** The API for the tests themselves: names under .test exist for the browser only. */
const API_URL = process.env.API_URL ?? BASE_URL;

export interface Person {
  name: string;
  email: string;
  id: string;
  token: string;
}

interface Answer {
  id: string;
  key: string;
  number: number;
  title: string;
  description: string | null;
  assignees: string[];
  body: string;
  token: string;
  revision: number;
  access_token: string;
  user: { id: string };
  items: Answer[];
}

export class World {
  readonly #request: APIRequestContext;

  constructor(request: APIRequestContext) {
    this.#request = request;
  }

  async call(method: string, path: string, token: string | null, data?: unknown): Promise<Answer> {
    const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
    const response = await this.#request.fetch(`/api/v1/${path}`, { method, headers, ...(data !== undefined && { data }) });
    const text = await response.text();
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Answer;
  }

  async person(name: string): Promise<Person> {
    const email = `${name.toLowerCase().replace(/[^a-z]+/g, '')}-${randomBytes(5).toString('hex')}@example.com`;
    const account = { email, name, password: PASSWORD };
    const { access_token, user } = await this.call('POST', 'auth/register', null, account);
    return { name, email, id: user.id, token: access_token };
  }

  /** A team of the first person's, with the others in it. */
  async team(owner: Person, members: [Person, string][] = [], name = 'Operations'): Promise<string> {
    // Thousands of tests share one server: a short key would be another's sooner or later.
    const key = `${name.toLowerCase().replace(/[^a-z]+/g, '').slice(0, 3)}${randomBytes(6).readUIntBE(0, 6).toString(36).slice(-7).padStart(7, '0')}`;
    await this.call('POST', 'teams', owner.token, { name, key });
    for (const [person, role] of members) {
      const { token } = await this.call('POST', `teams/${key}/invitations`, owner.token, { email: person.email, role });
      await this.call('POST', 'invitations/accept', person.token, { token });
    }
    return key;
  }

  async task(team: string, by: Person, fields: Record<string, unknown>): Promise<Answer> {
    return this.call('POST', `teams/${team}/tasks`, by.token, fields);
  }

  async label(team: string, by: Person, name: string, color = '#5e6ad2'): Promise<string> {
    return (await this.call('POST', `teams/${team}/labels`, by.token, { name, color })).id;
  }
}

/** Signs a browser in without going through the form. */
export async function enter(context: BrowserContext, { email }: Person): Promise<void> {
  const api = await request.newContext({ baseURL: API_URL, ignoreHTTPSErrors: true });
  const response = await api.post('/api/v1/auth/login', { data: { email, password: PASSWORD, session: 'cookie' } });
  expect(response.status()).toBe(200);
  const { cookies } = await api.storageState();
  const { hostname } = new URL(BASE_URL);
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, domain: hostname })));
  await api.dispose();
}

/** What a page must never do: raise an error, log one, or break its policy. */
export interface Watch {
  complaints: string[];
  /** Requests that fail on purpose are logged by the browser. */
  expectFailures: () => void;
}

export async function watch(context: BrowserContext): Promise<Watch> {
  const complaints: string[] = [];
  let mayFail = false;
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const text = message.text();
      // Without a session cookie, the first refresh is refused.
      const isFirstLook = message.location().url.endsWith('/auth/refresh') && text.includes('401');
      // Browsers ignore this header on plain http, and say so.
      const isPlainHttp = text.startsWith('The Cross-Origin-Opener-Policy header has been ignored');
      if (isFirstLook || isPlainHttp || (mayFail && text.startsWith('Failed to load resource'))) return;
      complaints.push(text);
    });
  });
  return {
    complaints,
    expectFailures: () => {
      mayFail = true;
    },
  };
}

interface Fixtures {
  world: World;
  watched: Watch;
  /** A further browser for somebody else. */
  browserOf: (person: Person) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  world: async ({ playwright }, use) => {
    const api = await playwright.request.newContext({ baseURL: API_URL, ignoreHTTPSErrors: true });
    await use(new World(api));
    await api.dispose();
  },
  watched: [
    async ({ context }, use) => {
      const all = await watch(context);
      await use(all);
      expect(all.complaints).toEqual([]);
    },
    { auto: true },
  ],
  browserOf: async ({ browser, baseURL }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (person) => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, ...(baseURL !== undefined && { baseURL }) });
      contexts.push(context);
      await enter(context, person);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

export function card(page: Page, title: string) {
  return page.locator('[data-task]').filter({ hasText: title });
}

export function column(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true });
}

/** The board is there and follows the team's log. */
export async function live(page: Page): Promise<void> {
  await expect(page.getByTestId('live')).toHaveText('Live');
}

/** The server's answer to the next write by this method. A write is shown before it is saved. */
export function answered(page: Page, method: 'POST' | 'PATCH' | 'DELETE') {
  return page.waitForResponse((response) => response.request().method() === method && response.ok());
}

/** Asks the server what the page asks. The name that the page is opened under is known to its browser alone. */
export async function ask(route: Route) {
  const { hostname, href, pathname, search } = new URL(route.request().url());
  return route.fetch({ url: hostname === 'taskhub.test' ? new URL(pathname + search, API_URL).href : href });
}

/** The server does the first POST, and its answer doesn't come while the page waits; resolves when it is done. */
export function holdAnswer(page: Page, url: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let isFirst = true;
    void page.route(url, async (route) => {
      if (route.request().method() !== 'POST' || !isFirst) return route.fallback();
      isFirst = false;
      await ask(route);
      resolve();
    });
  });
}

/** The server does what is asked, and its answer doesn't arrive: the first `times` times. */
export async function loseAnswers(page: Page, url: RegExp, method: string, times = 1): Promise<void> {
  let left = times;
  await page.route(url, async (route: Route) => {
    if (route.request().method() !== method || left-- <= 0) return route.fallback();
    await ask(route);
    await route.abort('connectionreset');
  });
}

/** What the API answers when it refuses, for `route.fulfill`. */
export function refusal(status: number, kind: string) {
  const json = { type: `urn:taskhub:problem:${kind}`, title: kind, status };
  return { status, contentType: 'application/problem+json', json };
}

export { expect };
