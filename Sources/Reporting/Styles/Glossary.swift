import Findings

extension CommonChapters {
  static let glossary = Section(
    "How To Read This",
    [
      .bullets(
        [
          "*flat* is a function's own cost, *cumulative* is with all it calls; a recursive function counts once for a stack.",
          "A cost whose leaf is in the kernel, the C library or a language runtime is charged to the first project frame above it.",
          "*n* is the number of samples behind a share. Intervals are 95 %, from the trials when there are at least three, and never narrower than the samples allow.",
          "A *bound* is the most that removing a cost could bring, not a promise. Bounds of several findings overlap and must not be added or multiplied.",
          "A *ceiling* is what capacity would be if all that a finding is about cost nothing: 1/(1−p), p being its share of all CPU. What it does to others, such as filling their caches, is not in p. How much of it can go nobody knows, so a ceiling makes no finding graver; but where it is known, what concerns less than 3 % of all CPU is info.",
          "*Severity* follows the lower end of the bound on capacity: critical from 25 %, high from 10 %, medium from 3 %. Without a bound a finding is medium at most, and a function's plain share of the CPU low at most.",
          "*Weight* is said below the table of findings; a wait is weighed against the requests of the role where most of their time is. What is *also seen as* something else has at least four fifths of that one's samples among its own.",
          "*Confidence* in a share of samples is high with two kinds of evidence and at least five trials, in what was counted or timed with enough trials; it is low when only a name speaks for a finding or a quality gate fails.",
          "*preempted* is work that was put off its core by other work, *waiting for a core* comes after a wait has ended, and *not told apart* is what neither samples nor waits explain: running, or waiting for a core, unseen.",
        ].map { Block.Bullet(Prose($0.replacing("*", with: ""))) })
    ])
}
