"""A round from its preparation to its end, a chapter at a time, as `Campaign` tells it."""

import re
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from compact.mail.rules import LONGEST_CLAIM
from compact.questionnaire.values import Edition
from tests.driven import made_up
from tests.driven.heads import HALF, Head
from tests.driven.ledger import Ledger, kind_of
from tests.driven.made_up import CLOSES, HOST, LONGER, OPENS, PARTNERSHIPS, Organisation, Story
from tests.driven.officers import FOUR_AREAS, Officer
from tests.driven.serving import Service
from tests.driven.timed import KILLED
from tests.mail.test_bounces import report

AT_ONCE = 4
ELSEWHERE = "Northmere Partnership"  # where some four-area bodies note an exception
NEW_HEAD = "new-head@example.org"
KILLED_AT = (30, 40, 9)  # which mail the sender has in hand when it is killed
NEVER = (Story.HALF_DONE, Story.SILENT)  # who signs nothing


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of the story, which begins in September 2026."""
    return datetime(2026 if month > 8 else 2027, month, day, hour, minute, tzinfo=UTC)


@dataclass
class Campaign:
    """The round as it is driven, and what is known of it. `held` counts mails that are in doubt."""

    service: Service
    edition: Edition
    asked: list[Organisation]
    ledger: Ledger = field(default_factory=Ledger)
    heads: dict[str, Head] = field(default_factory=dict)
    kills: int = 0
    held: int = 0
    four_areas: int = 0

    def of(self, *stories: Story) -> list[Organisation]:
        return [each for each in self.asked if each.story in stories]

    def each(self, organisations: Iterable[Organisation], act: Callable[[Head], object]) -> None:
        """Let their heads do something, some at a time."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda each: act(self.heads[each.key]), organisations))

    # Mail.

    def link(self, recipient: str, kind: str) -> str:
        """The page that the newest mail of a kind to somebody leads to."""
        for each in reversed(self.service.post.arrived):
            if each.recipients == [recipient] and kind_of(str(each.message["Subject"])) == kind:
                return str(re.findall(r"http://localhost(/\S+)", each.message.get_content())[0])
        raise AssertionError(f"{recipient} got no mail of the kind {kind}")

    def send(self, *, waiting: int = 0) -> None:
        """Send all that is due."""
        said = self.service.run("mail", "send").last_line
        _sent, still_waiting, failed = map(int, re.findall(r"\d+", said))
        self.held += failed
        assert still_waiting == waiting, said

    def send_killed_at(self, command: str, nth: int) -> None:
        """kill -9 when the server has heard a word for the nth time, and has not answered it."""
        heard = 0

        def kill(said: str) -> None:
            nonlocal heard
            heard += said == command
            if heard == nth and sender.poll() is None:
                sender.kill()
                sender.wait()

        self.service.post.before_answer = kill
        with self.service.begun("mail", "send") as sender:
            sender.communicate()
        self.service.post.before_answer = lambda _command: None
        self._was_killed(sender.returncode)

    def send_killed_before_writing(self, nth: int) -> None:
        """kill -9 when the nth mail was accepted and the process knows it, before that is written down."""
        self._was_killed(self.service.start("mail", "send", more={KILLED: str(nth)}).code)

    def _was_killed(self, code: int) -> None:
        """Send the rest; and later what the process that was killed had claimed, once that must be dead."""
        assert code == -signal.SIGKILL
        self.kills += 1
        self.send(waiting=1)
        self.service.at(self.service.clock.now() + LONGEST_CLAIM + timedelta(minutes=1))
        self.send()

    # The chapters.

    def prepare(self) -> Officer:
        """Who there is, from the registers; everybody is invited, takes it up and chooses a password."""
        service, host = self.service, ("--partnership", HOST)
        for name, area in PARTNERSHIPS.items():
            service.run(
                "partnerships", "add", name, "--area", area, "--contact-email", f"desk@{area}.example"
            )
        for register, file in made_up.write_registers(service.folder, self.asked).items():
            service.run("organisations", "import", "--register", register, file)
        service.run("people", "invite", "officer@851.example", *host, "--role", "officer")
        contacts = made_up.write_contacts(service.folder / "contacts.csv", self.asked)
        said = service.run("people", "import", contacts, *host).last_line
        assert said == f"invited {len(self.asked)}, there already 0"
        self.ledger.mailed("invitation", ["officer@851.example", *(each.email for each in self.asked)])
        self.send_killed_at("RCPT", KILLED_AT[0])
        for each in self.asked:
            self.heads[each.key] = Head.of(each, service, self.edition, self.ledger)
        self.each(self.asked, lambda head: head.accept(self.link(head.browser.email, "invitation")))
        officer = Officer.of(service, "officer@851.example", "10.1.0.1")
        officer.accept(self.link("officer@851.example", "invitation"))
        return officer

    def launch(self, officer: Officer) -> None:
        """Open both rounds, check, launch; one launch mail comes back, and somebody else is asked."""
        self.service.at(at(9, 7))
        officer.enter()
        mine = [each for each in self.asked if each.setting != "hips"]
        page = officer.open_round()
        assert f"{len(mine)} organisations are asked. {len(mine)} of them have somebody" in page.text
        who = [part for name in PARTNERSHIPS for part in ("--partnership", name)]
        days = ("--opens", f"{OPENS}", "--closes", f"{CLOSES}")
        self.service.run("cycles", "open", FOUR_AREAS, *who, "--setting", "hips", "--edition", "2026", *days)
        self.four_areas = officer.four_areas()
        told = officer.launch(officer.cycle) + officer.launch(self.four_areas)
        assert told == len(self.asked)
        self.ledger.mailed("launch", (each.email for each in self.asked))
        self.send_killed_at("DATA", KILLED_AT[1])
        self._come_back(officer)

    def _come_back(self, officer: Officer) -> None:
        """A head has left: the launch mail comes back, and another head is invited, accepts and is told."""
        (left,) = self.of(Story.RETURNED)
        mails = [each for each in self.service.post.arrived if each.recipients == [left.email]]
        message_id = str(mails[-1].message["Message-ID"]).strip("<>").partition("@")[0]
        for _ in range(2):  # a mail server may say so twice
            self.service.run("mail", "bounce", stdin=report(message_id))
        bounced = officer.chase("bounced")
        assert left.name in bounced
        officer.invite(left, bounced[left.name], NEW_HEAD)
        self.ledger.mailed("invitation", [NEW_HEAD])
        self.send()
        head = Head.of(left, self.service, self.edition, self.ledger)
        head.browser.email = NEW_HEAD
        head.accept(self.link(NEW_HEAD, "invitation"))
        self.heads[left.key] = head
        assert officer.launch(officer.cycle) == 1
        self.ledger.mailed("launch", [NEW_HEAD])
        self.send()

    def sign(self, *stories: Story) -> None:
        """Those of these stories answer everything, plan and sign."""
        self.each(
            [each for each in self.of(*stories) if each.key not in self.ledger.signed], self._begin_and_sign
        )
        self.send()

    def _begin_and_sign(self, head: Head) -> None:
        head.begin(self.link(head.browser.email, "launch"))
        head.answer()
        if head.organisation.setting == "hips" and head.organisation.number % 2:
            head.differ(ELSEWHERE)
        head.plan()
        head.sign()

    def _begin_half(self, head: Head) -> None:
        head.begin(self.link(head.browser.email, "launch"))
        head.answer(range(1, HALF + 1))

    def remind(self, kind: str, stories: Iterable[Story], *, times: int = 1) -> None:
        """The timer, as often as it runs: each of these is reminded once, and nobody else is."""
        wanted = self.of(*stories)
        said = [self.service.run("reminders", "queue").last_line for _ in range(times)]
        assert said == [f"queued {len(wanted)}", *["queued 0"] * (times - 1)], kind
        self.ledger.mailed(kind, (self.heads[each.key].browser.email for each in wanted))

    def autumn(self, officer: Officer) -> None:
        """From the first signatures to the first reminder, whose sender is killed, and what is done then."""
        self.service.at(at(9, 14))
        self.sign(Story.PROMPT, Story.RETURNED)
        self.each(self.of(Story.HALF_DONE), self._begin_half)
        self.service.at(at(11, 18, 7))
        later = (Story.HURRIED, Story.LAST_DAY, Story.LATE, *NEVER)
        self.remind("reminder", (Story.REMINDED, Story.MORE_TIME, Story.EXCUSED, *later), times=2)
        self.send_killed_before_writing(KILLED_AT[2])
        self.service.at(at(11, 20))
        self.sign(Story.REMINDED)
        self.service.at(at(11, 25))
        self.chase(officer)

    def winter(self) -> None:
        """The last days: the timer runs around midnight, twice, and late; some sign late."""
        self.service.at(at(12, 10, 23, 30))
        self.remind("reminder", ())
        self.service.at(at(12, 11, 0, 1))
        self.remind("reminder", (Story.HURRIED, Story.LAST_DAY, Story.LATE, *NEVER), times=2)
        self.send()
        self.service.at(at(12, 14))
        self.sign(Story.HURRIED)
        self.service.at(at(12, 17))
        self.remind("reminder", (Story.LAST_DAY, Story.LATE, *NEVER))
        self._sign_before_the_mail_is_sent()
        self.service.at(at(12, 18, 21))
        self.sign(Story.LAST_DAY)
        self.service.at(at(12, 20))  # the timer did not run on the 19th
        self.remind("late", (Story.LATE, *NEVER), times=2)
        self.send()
        self.service.at(at(12, 21))
        self.sign(Story.LATE)
        for moment in (at(12, 23), at(1, 15)):
            self.service.at(moment)
            self.remind("reminder", (Story.MORE_TIME,))
            self.send()
        self.service.at(at(1, 18))
        self.sign(Story.MORE_TIME)
        self.service.at(at(1, 23))
        self.remind("late", ())

    def _sign_before_the_mail_is_sent(self) -> None:
        """I7: a reminder that waits in the outbox is not sent to somebody who signs meanwhile."""
        first = self.of(Story.LAST_DAY)[0]
        self.each([first], self._begin_and_sign)
        self.ledger.mails[first.email, "reminder"] -= 1
        self.send()

    def chase(self, officer: Officer) -> None:
        """Write to those who are half done, note a call, excuse some, and give others more time."""
        officer.enter()
        half = officer.chase("half_done")
        assert sorted(half) == sorted(
            each.name for each in self.of(Story.HALF_DONE) if each.setting != "hips"
        )
        assert officer.write_to("half_done") == len(half)
        self.ledger.mailed("chased", (each.email for each in self.of(Story.HALF_DONE) if each.name in half))
        never = officer.chase("never_opened")
        for each in self.of(Story.EXCUSED):
            officer.excuse(never[each.name])
        officer.note_call(never[self.of(Story.MORE_TIME)[0].name])
        longer = [never[each.name] for each in self.of(Story.MORE_TIME)]
        said = officer.give_time(longer, f"{LONGER:%d %m %Y}")
        assert re.match(rf"{len(longer)} organisations? ha(s|ve) until", said), said
        self.ledger.mailed("more time", (each.email for each in self.of(Story.MORE_TIME)))
        self.send()

    def review(self, officer: Officer) -> None:
        """Read two returns, moderate, accept one action and send another back, whose head answers."""
        officer.enter()
        planned = [each for each in self.of(Story.PROMPT) if self._is_planned(each)][:2]
        for each, accept in zip(planned, (True, False), strict=True):
            said = officer.review(self.heads[each.key].address, accept=accept)
            assert said.startswith("The reply is sent. 1 person has"), said
        self.ledger.mailed("reply", (each.email for each in planned))
        self.send()
        accepted, sent_back = (self.heads[each.key] for each in planned)
        assert "accepts this action" in accepted.reads_reply()
        assert "Say what will be seen to be done." in sent_back.reads_reply()
        sent_back.say_how_it_goes()

    def _is_planned(self, organisation: Organisation) -> bool:
        return organisation.setting != "hips" and bool(self.ledger.weak_of(organisation))

    def ask_for_updates(self, officer: Officer) -> None:
        """Half a year later: everybody with a plan is asked how it is going, once; half of them say so."""
        officer.enter()
        asked = [each for each in self.asked if each.key in self.ledger.signed and self._is_planned(each)]
        said = officer.ask_for_updates()
        assert said == f"{len(asked)} organisations are asked by mail how the plan is going."
        self.ledger.mailed("update", (self.heads[each.key].browser.email for each in asked))
        self.send()
        self.each(asked[::2], lambda head: head.say_how_it_goes())
        assert officer.came_in() == len(asked[::2])
