namespace MdmOrleans.Server.Hosting;

internal static class Usage
{
    private const string Text =
        """
        Usage: MdmOrleans.Server [serve] [--Key=value …]
               MdmOrleans.Server demo [--quiet] [--Key=value …]
               MdmOrleans.Server migrate [--Key=value …]

          serve    runs the server until SIGTERM or Ctrl+C; this is the default
          demo     runs the server, an agent for this machine and 25 simulated devices in one process
          migrate  brings the schema of the configured database up to date

          --quiet  the demo does not print a line for each device event

        Every key can also be set in the environment, with __ for each colon: Http__Port=8081.
        Without ConnectionStrings:Postgres the server keeps its data in Storage:Directory, ./data by default.
        """;

    public static int Print(TextWriter output, int exitCode)
    {
        output.WriteLine(Text);
        return exitCode;
    }

    /// <summary>What is wrong with the words behind the verb, in a sentence; null when each is a setting with its value.</summary>
    public static string? Complaint(string[] args)
    {
        for (var i = args is [['-', ..], ..] ? 0 : 1; i < args.Length; i++)
        {
            var word = args[i];
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                return $"'{word}' is not an option. Settings look like --Http:Port=8081.";
            }

            if (!word.Contains('=') && (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal)))
            {
                return $"{word} needs a value: {word}=…";
            }
        }

        return null;
    }

    public static int Refuse(string complaint)
    {
        Console.Error.WriteLine(complaint);
        return Print(Console.Error, 2);
    }
}
