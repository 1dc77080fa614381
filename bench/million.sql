-- A million tasks of a thousand people, as a table looks after years. Then what a running server would do by and by, so that it does not do it while we measure.
INSERT INTO "user" (id, name, email, email_key, email_verified, created_at, updated_at)
SELECT gen_random_uuid()::text, 'Neighbour ' || n, 'n' || n || '@neighbours.example', 'n' || n || '@neighbours.example', false, 1780000000000, 1780000000000
FROM generate_series(1, 1000) AS n;

INSERT INTO task (id, user_id, title, description, priority, position, created_at, updated_at, title_key, search_key)
SELECT gen_random_uuid()::text, neighbour.id, 'Task ' || n, '', 0, n, 1780000000000 + n, 1780000000000 + n, 'task ' || n, 'task ' || n
FROM "user" AS neighbour, generate_series(1, 1000) AS n
WHERE neighbour.email_key LIKE '%@neighbours.example';

VACUUM (ANALYZE) task, "user";
CHECKPOINT;
