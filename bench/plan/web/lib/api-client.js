// The token that the back end verifies. The plan's own chain hands on Better Auth's opaque token, which no back end can read.
import { SignJWT } from "jose";

const secret = new TextEncoder().encode(process.env.BETTER_AUTH_SECRET);

export async function tasksOf(user) {
  const token = await new SignJWT({ email: user.email }).setProtectedHeader({ alg: "HS256" }).setSubject(user.id).setIssuedAt().setExpirationTime("7d").sign(secret);
  const response = await fetch(`${process.env.API_URL}/api/tasks`, { headers: { authorization: `Bearer ${token}` }, cache: "no-store" });
  if (!response.ok) throw new Error(`the back end answered ${response.status}`);
  return response.json();
}
