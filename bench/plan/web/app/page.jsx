export default function Landing() {
  return <h1>Tasks</h1>;
}
