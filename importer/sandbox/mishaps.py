"""A call on which a fault falls: what is stored of it, when, and what goes out."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.requests import ClientDisconnect

from importer.sandbox.admission import Admission, Admitted
from importer.sandbox.carrying import carry_out, pretend
from importer.sandbox.faults.fault import Scene, claims_nothing
from importer.sandbox.faults.late import LateCommits
from importer.sandbox.faults.progress import Hit, Progress
from importer.sandbox.store.calls import LoggedCall
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call


@dataclass(frozen=True, slots=True)
class Mishaps:
    """Lets faults happen."""

    tenant: Tenant
    admission: Admission
    progress: Progress
    late: LateCommits

    async def happen(self, hit: Hit, scene: Scene) -> None:
        """Let a fault fall on a call, from its first byte to the end of its answer."""
        fault, commit, request = hit.fault, hit.commit, scene.request
        if fault.unread and (commit is None or commit.word == "never"):
            self._log(LoggedCall(self.tenant.now(), request.method, hit.path, 0))
            await fault.cut(scene)
            return
        try:
            raw = await request.body()
        except ClientDisconnect:
            return  # nobody is left to be answered
        admitted = await self.admission.admit(request, raw)
        if isinstance(admitted, Admitted):
            answer = self._answer(hit, admitted)
            afterwards = self._afterwards(hit, admitted)
        else:
            answer, afterwards = admitted.answer, None
        response = fault.reply(answer, scene)
        status = response.status_code if fault.answers else 0
        throttled = admitted.entry.throttled or fault.throttles
        self._log(replace(admitted.entry, status=status, created=answer.created, throttled=throttled))
        if afterwards is not None and commit is not None and commit.word == "late":
            self.late.add(commit.seconds, afterwards)
        await fault.deliver(response, scene)
        if afterwards is not None and commit is not None and commit.word == "after":
            afterwards()

    def _answer(self, hit: Hit, admitted: Admitted) -> Answer:
        """Store what is stored before the client hears anything, and make the answer."""
        fault, commit, route = hit.fault, hit.commit, admitted.route
        tenant = fault.tenant(self.tenant, hit.luck)
        call = fault.send_call(admitted.call)
        if commit is None or commit.before_answer or fault.twice:
            part = _first_rows(call, commit.rows) if commit is not None and commit.word == "partly" else call
            answer = claims_nothing(hit.kind) if part is None else carry_out(tenant, route, part)
            if fault.twice and commit is not None and commit.before_answer:
                again = carry_out(tenant, route, call)
                answer = replace(answer, created=answer.created + again.created)
            self.progress.stored(hit, answer.created)
        else:
            answer = pretend(tenant, route, call) if fault.spoiled else claims_nothing(hit.kind)
        return fault.spoil(answer, hit.luck)

    def _afterwards(self, hit: Hit, admitted: Admitted) -> Callable[[], None]:
        call = hit.fault.send_call(admitted.call)

        def commit() -> None:
            if self.progress.knows(hit):
                answer = carry_out(self.tenant, admitted.route, call)
                self.progress.stored_late(hit, answer.created)

        return commit

    def _log(self, entry: LoggedCall) -> None:
        self.tenant.store.calls.add(entry)


def _first_rows(call: Call, rows: int) -> Call | None:
    """The call with its first rows; None if none is left. A single call has one row."""
    if rows == 0:
        return None
    return replace(call, body=call.body[:rows]) if isinstance(call.body, list) else call
