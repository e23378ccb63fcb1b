namespace MdmOrleans.Server.Hosting;

/// <summary>How a value must look before anything reads it.</summary>
internal enum SettingForm
{
    /// <summary>Whatever reads it checks it too.</summary>
    Text,

    /// <summary>A whole number of 32 bits.</summary>
    Whole,

    /// <summary>A number, which may be a fraction.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,
}

/// <summary>A setting that the product owns.</summary>
/// <param name="Key">As an operator writes it, with a colon between the parts. Case does not matter.</param>
/// <param name="MayBeEmpty">False: an empty value stops the start, since it is nearly always a variable that was never filled in.</param>
internal sealed record Setting(string Key, SettingForm Form = SettingForm.Text, bool MayBeEmpty = false)
{
    /// <summary>The first part of the key; the key itself where it has only one.</summary>
    public string Section => Key.Split(':')[0];
}
