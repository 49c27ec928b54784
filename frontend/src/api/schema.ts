/**
 * The API as openapi-typescript would write it from docs/openapi.json; by hand until that file is there. Everything
 * else takes its types from here, so the generated file can take this one's place.
 */

export interface paths {
  '/api/v1/auth/register': { post: Op<{ body: components['schemas']['Register'] }, 201, Session> };
  '/api/v1/auth/login': { post: Op<{ body: components['schemas']['Login'] }, 200, Session> };
  '/api/v1/auth/refresh': {
    post: Op<{ body: Empty; header: { 'X-TaskHub-Session': 'cookie' } }, 200, Session>;
  };
  '/api/v1/auth/logout': {
    post: Op<{ body: Empty; header: { 'X-TaskHub-Session': 'cookie' } }, 204, undefined>;
  };
  '/api/v1/me': {
    get: Op<object, 200, User>;
    patch: Op<{ body: { name?: string } }, 200, User>;
  };
  '/api/v1/teams': {
    get: Op<{ query?: PageQuery }, 200, Page<Team>>;
    post: Op<{ body: { name: string; key?: string }; header?: Idempotent }, 201, Team>;
  };
  '/api/v1/teams/{team}': {
    get: Op<{ path: InTeam }, 200, Team>;
    patch: Op<{ path: InTeam; body: { name?: string } }, 200, Team>;
  };
  '/api/v1/teams/{team}/members': { get: Op<{ path: InTeam; query?: PageQuery }, 200, Page<Member>> };
  '/api/v1/teams/{team}/members/{user}': {
    patch: Op<{ path: InTeam & { user: string }; body: { role: components['schemas']['Role'] } }, 200, Member>;
    delete: Op<{ path: InTeam & { user: string } }, 204, undefined>;
  };
  '/api/v1/teams/{team}/invitations': {
    get: Op<{ path: InTeam; query?: PageQuery }, 200, Page<Invitation>>;
    post: Op<
      { path: InTeam; body: { email: string; role: components['schemas']['Role'] }; header?: Idempotent },
      201,
      Invitation
    >;
  };
  '/api/v1/teams/{team}/invitations/{id}': { delete: Op<{ path: InTeam & { id: string } }, 204, undefined> };
  '/api/v1/invitations/accept': { post: Op<{ body: { token: string } }, 200, Team> };
  '/api/v1/teams/{team}/tasks': {
    get: Op<{ path: InTeam; query?: components['schemas']['TaskQuery'] }, 200, Page<Task>>;
    post: Op<{ path: InTeam; body: components['schemas']['CreateTask']; header?: Idempotent }, 201, Task>;
  };
  '/api/v1/teams/{team}/tasks/{task}': {
    get: Op<{ path: InTask }, 200, Task>;
    patch: Op<{ path: InTask; body: components['schemas']['PatchTask']; header?: IfMatch }, 200, Task>;
    delete: Op<{ path: InTask; header?: IfMatch }, 204, undefined>;
  };
  '/api/v1/teams/{team}/tasks/{task}/move': {
    post: Op<{ path: InTask; body: components['schemas']['MoveTask']; header?: IfMatch }, 200, Task>;
  };
  '/api/v1/teams/{team}/tasks/{task}/comments': {
    get: Op<{ path: InTask; query?: PageQuery }, 200, Page<Comment>>;
    post: Op<{ path: InTask; body: { body: string }; header?: Idempotent }, 201, Comment>;
  };
  '/api/v1/teams/{team}/tasks/{task}/comments/{comment}': {
    patch: Op<{ path: InTask & { comment: string }; body: { body: string } }, 200, Comment>;
    delete: Op<{ path: InTask & { comment: string } }, 204, undefined>;
  };
  '/api/v1/teams/{team}/tasks/{task}/history': {
    get: Op<{ path: InTask; query?: PageQuery }, 200, Page<Event>>;
  };
  '/api/v1/teams/{team}/labels': {
    get: Op<{ path: InTeam }, 200, Page<Label>>;
    post: Op<{ path: InTeam; body: { name: string; color: string }; header?: Idempotent }, 201, Label>;
  };
  '/api/v1/teams/{team}/labels/{label}': {
    patch: Op<{ path: InTeam & { label: string }; body: { name?: string; color?: string } }, 200, Label>;
    delete: Op<{ path: InTeam & { label: string } }, 204, undefined>;
  };
  '/api/v1/teams/{team}/changes': {
    get: Op<{ path: InTeam; query: { since: number; limit?: number } }, 200, components['schemas']['Changes']>;
  };
  '/api/v1/teams/{team}/stats': {
    get: Op<{ path: InTeam; query?: { days?: number } }, 200, components['schemas']['Stats']>;
  };
  '/api/v1/notifications': {
    get: Op<{ query?: PageQuery & { unread?: boolean } }, 200, Page<Notification>>;
  };
  '/api/v1/notifications/read': {
    post: Op<{ body: { ids: string[] } | { all: true } }, 200, { updated: number }>;
  };
  '/api/v1/status': { get: Op<object, 200, components['schemas']['SystemStatus']> };
}

export interface components {
  schemas: {
    Status: 'pending' | 'in_progress' | 'blocked' | 'completed' | 'cancelled';
    Priority: 'none' | 'low' | 'medium' | 'high' | 'urgent';
    Role: 'viewer' | 'member' | 'admin' | 'owner';
    Register: { email: string; password: string; name: string; session?: 'cookie' };
    Login: { email: string; password: string; session?: 'cookie' };
    User: { id: string; email: string; name: string; created_at: string };
    Session: {
      user: components['schemas']['User'];
      access_token: string;
      token_type: string;
      expires_in: number;
      refresh_token?: string;
    };
    Team: { id: string; key: string; name: string; role: components['schemas']['Role']; created_at: string };
    Member: { user: components['schemas']['User']; role: components['schemas']['Role']; joined_at: string };
    Invitation: {
      id: string;
      team_id: string;
      team_key: string;
      team_name: string;
      email: string;
      role: components['schemas']['Role'];
      created_at: string;
      expires_at: string;
      token?: string;
    };
    Task: {
      id: string;
      team_id: string;
      number: number;
      key: string;
      title: string;
      description: string;
      status: components['schemas']['Status'];
      priority: components['schemas']['Priority'];
      assignees: string[];
      labels: string[];
      position: string;
      due_at: string | null;
      created_by: string;
      created_at: string;
      updated_at: string;
      completed_at: string | null;
      version: number;
    };
    TaskQuery: {
      status?: string;
      assignee?: string;
      label?: string;
      q?: string;
      sort?: 'number' | 'position';
      limit?: number;
      cursor?: string;
    };
    CreateTask: {
      title: string;
      description?: string;
      status?: components['schemas']['Status'];
      priority?: components['schemas']['Priority'];
      assignees?: string[];
      labels?: string[];
      due_at?: string;
    };
    PatchTask: {
      title?: string;
      description?: string;
      status?: components['schemas']['Status'];
      priority?: components['schemas']['Priority'];
      assignees?: string[];
      labels?: string[];
      due_at?: string | null;
    };
    MoveTask: { status?: components['schemas']['Status']; before?: string; after?: string };
    Label: { id: string; team_id: string; name: string; color: string; created_at: string; updated_at: string };
    Comment: {
      id: string;
      task_id: string;
      author_id: string;
      body: string;
      created_at: string;
      updated_at: string;
    };
    Event: {
      id: string;
      revision: number;
      type: string;
      task_id: string | null;
      actor_id: string;
      occurred_at: string;
      data: {
        task?: components['schemas']['Task'];
        comment?: components['schemas']['Comment'];
        label?: components['schemas']['Label'];
        previous?: Record<string, unknown>;
      };
    };
    Changes: { items: components['schemas']['Event'][]; revision: number; more: boolean };
    Stats: {
      days: { date: string; created: number; completed: number }[];
      open_by_status: Partial<Record<components['schemas']['Status'], number>>;
      open_by_assignee: { user_id: string | null; count: number }[];
    };
    Notification: {
      id: string;
      type: string;
      team_id: string;
      team_key: string;
      task_id: string;
      task_key: string;
      title: string;
      actor_id: string;
      created_at: string;
      read_at: string | null;
    };
    DependencyState: {
      name: string;
      ok: boolean;
      required: boolean;
      latency_ms: number | null;
      detail: string | null;
    };
    ServiceStatus: {
      name: string;
      ok: boolean;
      latency_ms: number | null;
      detail: string | null;
      dependencies: components['schemas']['DependencyState'][];
    };
    SystemStatus: { status: string; services: components['schemas']['ServiceStatus'][]; checked_at: string };
    Problem: {
      type: string;
      title: string;
      status: number;
      detail?: string;
      trace_id?: string;
      errors?: { pointer: string; detail: string }[];
    };
  };
}

type Schemas = components['schemas'];
type Session = Schemas['Session'];
type User = Schemas['User'];
type Team = Schemas['Team'];
type Member = Schemas['Member'];
type Invitation = Schemas['Invitation'];
type Task = Schemas['Task'];
type Comment = Schemas['Comment'];
type Event = Schemas['Event'];
type Label = Schemas['Label'];
type Notification = Schemas['Notification'];
type Empty = Record<string, never>;
interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
interface PageQuery {
  limit?: number;
  cursor?: string;
}
interface InTeam {
  team: string;
}
interface InTask {
  team: string;
  task: string;
}
interface Idempotent {
  'Idempotency-Key'?: string;
}
interface IfMatch {
  'If-Match'?: string;
}

/** One operation: what it takes (`path`, `query`, `header`, `body`), its status of success, and what it answers then. */
type Op<Request, Code extends number, Answer> = {
  parameters: Omit<Request, 'body'>;
  responses: Record<Code, { headers: Record<string, unknown>; content: { 'application/json': Answer } }> & {
    default: { headers: Record<string, unknown>; content: { 'application/problem+json': Schemas['Problem'] } };
  };
} & (Request extends { body: infer Body }
  ? { requestBody: { content: { 'application/json': Body } } }
  : { requestBody?: never });
