/// The shells for which there is a completion script.
public enum CompletionShell: String, Sendable {
    case bash, zsh, fish, powershell

    /// A script that asks the program itself, by its hidden command, what can stand where the cursor is.
    /// - Parameters:
    ///   - command: `__complete`, or `__completeNoDesc` for words alone.
    public func script(_ program: String, command: String) -> String {
        switch self {
        case .bash: Self.bash(program, command)
        case .zsh: Self.zsh(program, command)
        case .fish: Self.fish(program, command)
        case .powershell: Self.powershell(program, command)
        }
    }

    private static func bash(_ program: String, _ command: String) -> String {
        #"""
        # Completion of \#(program) for bash: source <(\#(program) completion bash)
        _\#(program)() {
            local line files=1
            COMPREPLY=()
            while IFS= read -r line; do
                case $line in
                    :4) files=0 ;;
                    :*) ;;
                    *) COMPREPLY+=("${line%%$'\t'*}") ;;
                esac
            done < <("${COMP_WORDS[0]}" \#(command) "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
            if ((files && ${#COMPREPLY[*]} == 0)); then
                compopt -o default 2>/dev/null
            fi
        }
        complete -F _\#(program) \#(program)

        """#
    }

    private static func zsh(_ program: String, _ command: String) -> String {
        #"""
        #compdef \#(program)
        # Completion of \#(program) for zsh: source <(\#(program) completion zsh)
        _\#(program)() {
            local line files=1
            local -a found
            for line in "${(@f)$("${words[1]}" \#(command) "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
                case $line in
                    :4) files=0 ;;
                    :*|'') ;;
                    *) found+=("${${line//:/\\:}/$'\t'/:}") ;;
                esac
            done
            if (( ${#found} )); then
                _describe '\#(program)' found
            elif (( files )); then
                _files
            fi
        }
        compdef _\#(program) \#(program)

        """#
    }

    private static func fish(_ program: String, _ command: String) -> String {
        #"""
        # Completion of \#(program) for fish: \#(program) completion fish | source
        function __\#(program)_candidates
            set -l words (commandline -opc)
            set -l last (commandline -ct)
            set -l lines ($words[1] \#(command) $words[2..-1] "$last" 2>/dev/null)
            set -l found (string match -v -r '^:' -- $lines)
            if test (count $found) -gt 0
                string join -- \n $found
            else if contains -- :0 $lines
                __fish_complete_path "$last"
            end
        end
        complete -c \#(program) -f -a '(__\#(program)_candidates)'

        """#
    }

    private static func powershell(_ program: String, _ command: String) -> String {
        #"""
        # Completion of \#(program) for PowerShell: \#(program) completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName '\#(program)' -ScriptBlock {
            param($last, $line, $cursor)
            $before = @($line.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursor })
            $words = @($before | ForEach-Object { $_.Extent.Text })
            $rest = @($words | Select-Object -Skip 1)
            if ($last -eq '') {
                # PowerShell before 7.3 drops empty words on their way.
                $rest += if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' }
            }
            foreach ($found in @(& $words[0] \#(command) @rest 2>$null)) {
                if ($found -match '^:') { continue }
                $word, $meaning = $found -split "`t", 2
                if (-not $meaning) { $meaning = $word }
                [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
            }
        }

        """#
    }
}
