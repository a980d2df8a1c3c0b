import Flags

/// `helmctl __complete`: answers shells what can stand for the last of the words.
struct CompleteCommand: Command {
    static let description = CommandDescription(
        "__complete", "Tell what can stand for the last word", arguments: .any, isHidden: true, parsesFlags: false)

    @Arguments var words: [String]

    func run() async {
        Console.print(Helmctl.program.completions(words, known: await CompletionWords.known(for: words)))
    }
}

/// `helmctl __completeNoDesc`: the same without what the words mean.
struct WordCompleteCommand: Command {
    static let description = CommandDescription(
        "__completeNoDesc", "Tell what can stand for the last word", arguments: .any, isHidden: true,
        parsesFlags: false)

    @Arguments var words: [String]

    func run() async {
        let known = await CompletionWords.known(for: words)
        Console.print(Helmctl.program.completions(words, areDescribed: false, known: known))
    }
}
