import { asProblem } from '../api/problem.ts';
import { certaintyOf } from '../outcomes/certainty.ts';
import { enter, signIn } from './session.ts';

export async function signUp(account: { email: string; password: string; name: string }): Promise<void> {
  try {
    await enter('register', account);
  } catch (error) {
    const problem = asProblem(error);
    if (certaintyOf(problem) !== 'lost' && problem.status !== 409) throw error;
    // The account may have been made although the answer was lost, now or at an earlier try.
    const { email, password } = account;
    await signIn({ email, password }).catch(() => {
      throw error;
    });
  }
}
