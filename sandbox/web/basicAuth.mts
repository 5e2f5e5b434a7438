export interface Login {
	username: string;
	password: string;
}

/** Whether a request has this login (RFC 7617). */
export function isLoggedIn(authorization: string | undefined, { username, password }: Login): boolean {
	const expected = Buffer.from(`${username}:${password}`).toString('base64');
	return authorization === `Basic ${expected}`;
}
