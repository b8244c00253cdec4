-- Writes who did what to which object.
-- Piece of: audited, told_and_audited.
INSERT INTO kernel.audit (at, command, person_id, actor, subject, request_id)
VALUES (:at, :command, :person_id, :actor, CAST(:subject AS jsonb), :audited_request)
