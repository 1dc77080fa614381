-- The same tasks as on the other side: `owner` has `count` of them.
INSERT INTO task
SELECT 'task-' || lpad(n::text, 6, '0'), :'owner', 'Task ' || n || ': water the plants on the balcony',
  CASE WHEN n % 5 = 0 THEN 'The basil wants more than the rest.' ELSE '' END, false, 'none',
  CASE WHEN n % 3 = 0 THEN '2027-01-' || lpad((n % 28 + 1)::text, 2, '0') END, now(), now()
FROM generate_series(1, :count) AS n;
